import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { encrypted } from '../encrypted.ts';
import { runProgram } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { javaClasses, quickStart } from '../java-classes.ts';
import { trustStore } from '../trust-store.ts';
import { tapWire } from '../wire-tap.ts';

const folder = new URL('./', import.meta.url);
const java = await javaClasses(folder);
const { skip } = java;

const cbor = 'application/x-amz-cbor-1.1';
const json = 'application/x-amz-json-1.1';

suite('Java', { concurrency: true }, () => {
  let classes = '';

  before(async () => {
    if (skip) return;
    classes = await java.classPath();
  });

  test('the Java SDK v2, as it comes, does its work over HTTP/1.1 in CBOR', { skip }, () =>
    work('blocking', {}, { protocols: ['HTTP/1.1'], contentTypes: [cbor] }),
  );

  // A subscription is asked for in JSON whatever the rest is written in.
  test(
    'the Java SDK v2 does its work over HTTP/2, and hears silence for longer than its read timeout',
    { skip },
    () => work('asynchronous', {}, { protocols: ['HTTP/2'], contentTypes: [cbor, json] }),
  );

  test('the Java SDK v2 does its work in JSON', { skip }, () =>
    work('blocking', { CBOR_ENABLED: 'false' }, { protocols: ['HTTP/1.1'], contentTypes: [json] }),
  );

  // The SDK speaks HTTP/2 over TLS without negotiating it.
  test('the Java SDK v2 does its work over HTTP/2 and TLS', { skip }, async () => {
    await using server = await startGuardedServer();
    using trust = await encrypted(server);
    const store = await trustStore(trust);
    const environment = { ...server.environment, AWS_ENDPOINT_URL: trust.url };
    const flags = Object.entries(store).map(([name, value]) => `-D${name}=${value}`);
    await runScenario('asynchronous', environment, flags);
  });

  async function work(
    way: Way,
    variables: NodeJS.ProcessEnv,
    expected: { protocols: string[]; contentTypes: string[] },
  ): Promise<void> {
    await using server = await startGuardedServer();
    await using tap = await tapWire(server.url);
    const environment = { ...server.environment, AWS_ENDPOINT_URL: tap.url, ...variables };
    const printed = await runScenario(way, environment);
    const contentTypes = /^content types: (.*)$/m.exec(printed)?.[1]?.split(', ');
    assert.deepEqual({ protocols: [...tap.heard], contentTypes }, expected);
  }

  async function runScenario(
    way: Way,
    environment: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ): Promise<string> {
    const command = ['java', ...quickStart, ...flags, '-cp', classes, 'Scenario', way] as const;
    const printed = await runProgram({ command, folder, environment, seconds: 600 });
    assert.match(printed, /^remove: as on AWS$/m);
    return printed;
  }
});

type Way = 'blocking' | 'asynchronous';
