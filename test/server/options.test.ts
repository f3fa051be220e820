import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ServerOptions, StartError, startServer } from '../../src/server/index.ts';
import { startTestServer } from '../../src/server/testing.ts';
import { temporaryDirectory } from './process.ts';

/** As a program without types may call it. */
type Anything = Partial<ServerOptions>;

const refusals: [object, string][] = [
  [{ limits: 'nope' }, "limits must be aws or none, not 'nope'"],
  [{ region: 'US EAST' }, "region must be the name of a region such as eu-central-1, not 'US EAST'"],
  [{ account: '12' }, "account must be twelve digits, not '12'"],
  [{ account: 123456789012 }, 'account must be twelve digits, as a string, not 123456789012'],
  [{ port: 65_536 }, 'port must be a number from 0 to 65535, or none, not 65536'],
  [{ port: 0.5 }, 'port must be a number from 0 to 65535, or none, not 0.5'],
  [{ port: Number.NaN }, 'port must be a number from 0 to 65535, or none, not NaN'],
  [{ host: '' }, "host must be an address or a host name, not ''"],
  [{ data: 5 }, 'data must be a directory, as a string, not 5'],
  [{ data: ['d'] }, "data must be a directory, not [ 'd' ]"],
  [{ memory: 1 }, 'memory must be true or false, as a boolean, not 1'],
  [{ transitionDelay: -1 }, 'transitionDelay must be a number from 0 to 3600000, not -1'],
  [{ segmentBytes: 10n }, 'segmentBytes must be a number from 4096 to 1073741824, not 10n'],
  [{ logLevel: 'loud' }, "logLevel must be one of debug, info, warn, error, silent, not 'loud'"],
  [{ data: 'd', memory: true }, 'data and memory exclude each other'],
];
for (const [options, message] of refusals) {
  test(`a server within a program refuses: ${message}`, async () => {
    const refused = { name: 'StartError', message };
    await assert.rejects(startServer({ port: 0, ...options } as Anything), refused);
    await assert.rejects(startTestServer(options as Anything), refused);
  });
}

test('an option that is not there is refused, and the nearest is named', async () => {
  for (const [name, hint] of [
    ['prot', ' (did you mean port?)'],
    ['log-level', ' (did you mean logLevel?)'],
    ['shards', ''],
  ] as const) {
    const refused = (error: unknown) =>
      error instanceof StartError &&
      error.message.startsWith(`there is no option ${name}${hint}; there are port, host, data, `);
    await assert.rejects(startTestServer({ [name]: 1 } as Anything), refused);
    await assert.rejects(startServer({ [name]: 1 } as Anything), refused);
  }
});

test('an option that is undefined or null is as if it were not there', async () => {
  const options = { port: undefined, region: null, limits: undefined, data: null };
  await using server = await startTestServer(options as unknown as Anything);
  assert.notEqual(server.endpoint.port, 4567);
  assert.equal(server.clientConfig.region, 'us-east-1');
});

test('a test server that is given a directory keeps its records there', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  await using server = await startTestServer({ data });
  const health = (await (await fetch(`${server.url}/health`)).json()) as Record<string, unknown>;
  assert.equal(health['engine'], 'embedded');
  assert.ok(existsSync(join(data, 'lock')));
});
