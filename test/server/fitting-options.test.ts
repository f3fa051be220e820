import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kafkaSettingsOf } from '../../src/server/kafka-access.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { startServer } from '../../src/server/server.ts';
import { temporaryDirectory } from './process.ts';

const kafka = { engine: 'kafka', brokers: '127.0.0.1:1', rootKey: 'env:NONE' } as const;
const scram = { ...kafka, kafkaSasl: 'scram-sha-512' } as const;

const refusals: [Partial<ServerOptions>, string][] = [
  [{ engine: 'kafka' }, '--engine kafka needs --brokers'],
  [
    { engine: 'kafka', brokers: 'a:1' },
    '--engine kafka needs --root-key: all servers of a cluster have the same one',
  ],
  [{ memory: true, brokers: 'a:1' }, '--brokers is for --engine kafka'],
  [{ cluster: 'other' }, '--cluster is for --engine kafka'],
  [{ kafkaTls: true }, '--kafka-tls is for --engine kafka'],
  [{ ...kafka, kafkaUser: 'u' }, '--kafka-user needs --kafka-sasl'],
  [{ ...kafka, kafkaToken: 'env:T' }, '--kafka-token needs --kafka-sasl'],
  [scram, '--kafka-sasl scram-sha-512 needs --kafka-user'],
  [{ ...scram, kafkaUser: 'u' }, '--kafka-sasl scram-sha-512 needs --kafka-password'],
  [
    { ...scram, kafkaUser: 'u', kafkaPassword: 'env:P', kafkaToken: 'env:T' },
    '--kafka-sasl scram-sha-512 has no use for --kafka-token',
  ],
  [{ ...kafka, kafkaSasl: 'oauthbearer' }, '--kafka-sasl oauthbearer needs --kafka-token'],
  [
    { ...kafka, kafkaSasl: 'oauthbearer', kafkaToken: 'env:T', kafkaUser: 'u' },
    '--kafka-sasl oauthbearer has no use for --kafka-user',
  ],
  [{ ...kafka, kafkaKey: 'k' }, '--kafka-certificate and --kafka-key are given together'],
];
for (const [options, message] of refusals) {
  test(`options that do not fit are refused: ${message}`, async () => {
    await assert.rejects(startServer({ ...options, port: 0 }), { name: 'StartError', message });
  });
}

test('a client of brokers has the secrets of files, and reads them again for each connection', async () => {
  using directory = temporaryDirectory();
  const file = (name: string, text: string) => {
    const path = join(directory.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const token = file('token', 'first\n');
  const { tls, sasl, clientId } = await kafkaSettingsOf({
    ...defaultOptions,
    ...kafka,
    kafkaSasl: 'oauthbearer',
    kafkaToken: `file:${token}`,
    kafkaCa: file('ca', 'authorities'),
    kafkaCertificate: file('certificate', 'certificate'),
    kafkaKey: file('key', 'key'),
  });
  assert.match(clientId, /^millrace-\d/);
  assert.deepEqual(tls, { authorities: 'authorities', own: { certificate: 'certificate', key: 'key' } });
  assert(sasl?.mechanism === 'OAUTHBEARER');
  assert.equal(await sasl.token(), 'first');
  file('token', 'second');
  assert.equal(await sasl.token(), 'second');
});

test('a password that cannot be read ends a start in one line, without a password in it', async () => {
  const options = { ...defaultOptions, ...scram, kafkaUser: 'u' };
  const refused = (message: string) => ({ name: 'StartError', message });
  await assert.rejects(
    kafkaSettingsOf({ ...options, kafkaPassword: 'env:MILLRACE_NOT_SET' }),
    refused('--kafka-password: the variable MILLRACE_NOT_SET is not set'),
  );
  await assert.rejects(
    kafkaSettingsOf({ ...options, kafkaPassword: 'command:true' }),
    refused('--kafka-password: there is nothing in the output of the command'),
  );
  await assert.rejects(kafkaSettingsOf({ ...options, kafkaCa: 'not-there' }), {
    name: 'StartError',
    message: /^--kafka-ca: .*not-there/,
  });
});
