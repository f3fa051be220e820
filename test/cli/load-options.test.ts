import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOptions, unknownVariables } from '../../src/cli/load-options.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { settings } from '../../src/server/settings.ts';

type Said = {
  flags?: Record<string, string>;
  variables?: Record<string, string>;
  config?: string;
};

/** What is loaded when the config file, if there is one, is named by a flag. */
function load({ flags = {}, variables = {}, config }: Said) {
  const named = config === undefined ? flags : { ...flags, config: 'a.json' };
  return loadOptions({
    flags: named,
    variables,
    readFile: async (path) => {
      if (path === 'a.json' && config !== undefined) return config;
      throw new Error('no such file');
    },
  });
}

test('without a word, the defaults', async () => {
  assert.deepEqual(await load({}), defaultOptions);
});

test('flags win over variables, these over the config file, this over the defaults', async () => {
  const options = await load({
    flags: { port: '1' },
    variables: { MILLRACE_PORT: '2', MILLRACE_HOST: '::1', MILLRACE_ACCOUNT: '' },
    config:
      '{"port": 3, "host": "127.0.0.3", "account": "123456789012", "log-level": "debug", "memory": true}',
  });
  assert.deepEqual(options, {
    ...defaultOptions,
    port: 1,
    host: '::1',
    account: '123456789012',
    logLevel: 'debug',
    memory: true,
  });
});

test('listeners come by commas, or as a list in the config file', async () => {
  const [a, b] = ['a=127.0.0.1:1', 'b=unix:/run/b'];
  const both = `${a},${b}`;
  assert.equal((await load({ flags: { listen: both } })).listen, both);
  assert.equal((await load({ variables: { MILLRACE_LISTEN: both } })).listen, both);
  assert.equal((await load({ config: JSON.stringify({ listen: [a, b] }) })).listen, both);
  assert.equal((await load({ config: JSON.stringify({ listen: a }) })).listen, a);
  assert.equal((await load({ flags: { port: 'none' } })).port, 'none');
});

test('the config file may be named by a variable', async () => {
  const variables = { MILLRACE_CONFIG: 'a.json' };
  const readFile = async () => '{"limits": "none"}';
  assert.equal((await loadOptions({ flags: {}, variables, readFile })).limits, 'none');
});

test('a data directory that is named is used, even if a weaker source said memory', async () => {
  const variables = { MILLRACE_MEMORY: 'true' };
  assert.equal((await load({ variables })).memory, true);
  assert.equal((await load({ variables, flags: { data: 'd' } })).memory, false);
  assert.equal((await load({ variables: { MILLRACE_DATA: 'd' }, flags: { memory: 'true' } })).memory, true);
});

test('an engine that is named is used, whatever a weaker source said, and --memory is short for one', async () => {
  const memory = await load({ flags: { engine: 'memory' } });
  assert.deepEqual(memory, { ...defaultOptions, memory: true });
  const variables = { MILLRACE_MEMORY: 'true' };
  const kafka = await load({ variables, flags: { engine: 'kafka' } });
  assert.deepEqual(kafka, { ...defaultOptions, engine: 'kafka' });
  const named = await load({ variables: { MILLRACE_ENGINE: 'kafka' }, flags: { data: 'd' } });
  assert.deepEqual(named, { ...defaultOptions, engine: 'kafka', data: 'd' });
  const short = await load({ variables: { MILLRACE_ENGINE: 'kafka' }, flags: { memory: 'true' } });
  assert.equal(short.memory, true);
});

const listener = 'must be NAME=ADDRESS:PORT or NAME=unix:/path, several by commas';
const refusals: [Said, string][] = [
  [{ flags: { listen: 'a=127.0.0.1:1,' } }, `--listen ${listener}, not 'a=127.0.0.1:1,'`],
  [{ variables: { MILLRACE_LISTEN: '127.0.0.1:1' } }, `MILLRACE_LISTEN ${listener}, not '127.0.0.1:1'`],
  [
    { config: '{"listen": ["a=127.0.0.1:1", 5]}' },
    `listen in a.json ${listener}, not [ 'a=127.0.0.1:1', 5 ]`,
  ],
  [{ config: '{"listen": []}' }, `listen in a.json ${listener}, not []`],
  [{ flags: { 'require-tls': 'maybe' } }, "--require-tls must be true or false, not 'maybe'"],
  [
    { flags: { 'client-certificates': 'no' } },
    "--client-certificates must be required or optional, not 'no'",
  ],
  [{ flags: { 'client-ca': '' } }, "--client-ca must be a file, not ''"],
  [{ flags: { port: 'abc' } }, "--port must be a number from 0 to 65535, or none, not 'abc'"],
  [{ flags: { port: '65536' } }, "--port must be a number from 0 to 65535, or none, not '65536'"],
  [{ flags: { port: '-1' } }, "--port must be a number from 0 to 65535, or none, not '-1'"],
  [
    { variables: { MILLRACE_PORT: '1e3' } },
    "MILLRACE_PORT must be a number from 0 to 65535, or none, not '1e3'",
  ],
  [{ config: '{"port": [1]}' }, 'port in a.json must be a number from 0 to 65535, or none, not [ 1 ]'],
  [{ config: '{"data": {"path": "d"}}' }, "data in a.json must be a directory, not { path: 'd' }"],
  [{ config: '{"data": 5}' }, 'data in a.json must be a directory, as a string, not 5'],
  [{ config: '{"host": true}' }, 'host in a.json must be an address or a host name, as a string, not true'],
  [{ config: '{"memory": 1}' }, 'memory in a.json must be true or false, as a boolean, not 1'],
  [
    { config: '{"account": 111122223333}' },
    'account in a.json must be twelve digits, as a string, not 111122223333',
  ],
  [{ config: '{"port": 1, "host": "a:b\\"port\\":1", "port": 2}' }, "a.json has the key 'port' twice"],
  [{ config: '{"port": 1, "p\\u006frt": 2}' }, "a.json has the key 'port' twice"],
  [{ flags: { account: '12' } }, "--account must be twelve digits, not '12'"],
  [{ flags: { 'scaling-window': '0' } }, "--scaling-window must be a number from 1 to 86400, not '0'"],
  [{ flags: { functions: 'some' } }, "--functions must be one of on, urls, off, not 'some'"],
  [
    { flags: { 'function-instances': '0' } },
    "--function-instances must be a number from 1 to 10000, not '0'",
  ],
  [
    { flags: { sqs: 'file:///queues' } },
    "--sqs must be a URL such as https://sqs.eu-central-1.amazonaws.com, not 'file:///queues'",
  ],
  [
    { flags: { sns: 'sns.eu-central-1' } },
    "--sns must be a URL such as https://sns.eu-central-1.amazonaws.com, not 'sns.eu-central-1'",
  ],
  [
    { flags: { s3: 'failures' } },
    "--s3 must be a URL such as https://s3.eu-central-1.amazonaws.com, or file:///PATH, not 'failures'",
  ],
  [{ flags: { 's3-style': 'both' } }, "--s3-style must be one of path, virtual, not 'both'"],
  [
    { flags: { schemas: 'file:schemas' } },
    "--schemas must be a URL such as file:///PATH, or https://glue.eu-central-1.amazonaws.com, not 'file:schemas'",
  ],
  [
    { flags: { 'http-endpoints': 'https://collector.example/path' } },
    "--http-endpoints must be on, off, or origins such as https://collector.example:8443, not 'https://collector.example/path'",
  ],
  [{ flags: { limits: 'some' } }, "--limits must be aws or none, not 'some'"],
  [
    { flags: { region: 'EU West' } },
    "--region must be the name of a region such as eu-central-1, not 'EU West'",
  ],
  [{ variables: { MILLRACE_MEMORY: 'toString' } }, "MILLRACE_MEMORY must be true or false, not 'toString'"],
  [{ flags: { data: '' } }, "--data must be a directory, not ''"],
  [
    { variables: { MILLRACE_LOG_LEVEL: 'loud' } },
    "MILLRACE_LOG_LEVEL must be one of debug, info, warn, error, silent, not 'loud'",
  ],
  [{ flags: { data: 'd', memory: 'true' } }, '--data and --memory exclude each other'],
  [{ flags: { data: 'd', engine: 'memory' } }, '--data and --engine memory exclude each other'],
  [{ flags: { memory: 'true', engine: 'kafka' } }, '--engine kafka and --memory exclude each other'],
  [{ flags: { engine: 'redis' } }, "--engine must be one of embedded, memory, kafka, not 'redis'"],
  [{ flags: { brokers: 'a:9092,b' } }, "--brokers must be HOST:PORT, several by commas, not 'a:9092,b'"],
  [{ flags: { brokers: 'a:0' } }, "--brokers must be HOST:PORT, several by commas, not 'a:0'"],
  [{ flags: { cluster: 'a.b' } }, "--cluster must be letters, digits, _ and -, 63 at most, not 'a.b'"],
  [{ flags: { rack: 'a b' } }, "--rack must be the name of a rack such as az1, not 'a b'"],
  [
    { flags: { 'peer-listen': ':70' } },
    "--peer-listen must be HOST:PORT; port 0 takes any free one, not ':70'",
  ],
  [{ flags: { 'peer-address': 'a:0' } }, "--peer-address must be HOST:PORT, not 'a:0'"],
  [
    { flags: { 'kafka-sasl': 'gssapi' } },
    "--kafka-sasl must be one of plain, scram-sha-256, scram-sha-512, oauthbearer, not 'gssapi'",
  ],
  [{ flags: { 'kafka-user': '' } }, "--kafka-user must be a name, not ''"],
  [
    { flags: { 'kafka-password': 'secret' } },
    "--kafka-password must be file:PATH, env:NAME or command:COMMAND, not 'secret'",
  ],
  [
    { flags: { 'kafka-token': 'secret' } },
    "--kafka-token must be file:PATH, env:NAME or command:COMMAND, not 'secret'",
  ],
  [{ flags: { 'kafka-tls': 'yes' } }, "--kafka-tls must be true or false, not 'yes'"],
  [{ flags: { 'kafka-ca': '' } }, "--kafka-ca must be a file, not ''"],
  [{ flags: { 'kafka-certificate': '' } }, "--kafka-certificate must be a file, not ''"],
  [{ flags: { 'kafka-key': '' } }, "--kafka-key must be a file, not ''"],
  [{ flags: { config: 'b.json' } }, 'cannot read the config file b.json: no such file'],
  ...['[]', 'null', '4567', '"port"'].map((config): [Said, string] => [
    { config },
    'a.json must hold a JSON object such as {"port": 4567}',
  ]),
];
for (const [said, message] of refusals) {
  test(`refused: ${message}`, async () => {
    await assert.rejects(load(said), { name: 'StartError', message });
  });
}

test('an unknown key in the config file is refused, and the known ones are named', async () => {
  await assert.rejects(load({ config: '{"prot": 1}' }), {
    message: /^a\.json has an unknown key 'prot' \(did you mean port\?\); known are port, host, .*log-level$/,
  });
  await assert.rejects(load({ config: '{"logLevel": "warn"}' }), { message: /\(did you mean log-level\?\)/ });
  await assert.rejects(load({ config: '{"__proto__": {}}' }), { message: /unknown key '__proto__';/ });
});

test('null in the config file is as if the key were not there', async () => {
  const config = JSON.stringify(Object.fromEntries(Object.values(settings).map(({ flag }) => [flag, null])));
  assert.deepEqual(await load({ config }), defaultOptions);
});

test('numbers, texts of numbers and truth values are all read', async () => {
  const config = '{"port": "1", "fronts": 2, "memory": true, "account": "000000000001"}';
  assert.deepEqual(await load({ config }), {
    ...defaultOptions,
    port: 1,
    workers: 2,
    memory: true,
    account: '000000000001',
  });
});

test('a byte order mark before the config file is passed over', async () => {
  assert.equal((await load({ config: '\uFEFF{"port": 1}' })).port, 1);
});

test('a variable that is not known is told, and the nearest is named', () => {
  const variables = {
    MILLRACE_PROT: '1',
    MILLRACE_LOGLEVEL: 'warn',
    MILLRACE_CONFG: 'f',
    MILLRACE_SOMETHING: 'x',
    MILLRACE_X: 'x',
    MILLRACE_EMPTY: '',
    MILLRACE_PORT: '1',
    MILLRACE_CONFIG: 'f',
    PATH: '/bin',
  };
  assert.deepEqual(unknownVariables(variables), [
    'the variable MILLRACE_PROT is not known (did you mean MILLRACE_PORT?)',
    'the variable MILLRACE_LOGLEVEL is not known (did you mean MILLRACE_LOG_LEVEL?)',
    'the variable MILLRACE_CONFG is not known (did you mean MILLRACE_CONFIG?)',
    'the variable MILLRACE_SOMETHING is not known',
    'the variable MILLRACE_X is not known',
  ]);
});

test('a config file that is not JSON is refused', async () => {
  await assert.rejects(load({ config: '{port: 1}' }), { message: /^a\.json is not JSON: / });
});
