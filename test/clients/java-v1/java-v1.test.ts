import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { encrypted } from '../encrypted.ts';
import { runProgram } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { javaClasses, quickStart } from '../java-classes.ts';
import { trustStore } from '../trust-store.ts';
import { tapWire } from '../wire-tap.ts';

const folder = new URL('./', import.meta.url);
const java = await javaClasses(folder, 'small', ['../java/Expect.java']);
const { skip } = java;

suite('Java, version 1', { concurrency: true }, () => {
  let classes = '';

  before(async () => {
    if (skip) return;
    classes = await java.classPath();
  });

  test('the Java SDK v1, as it comes, does its work over HTTP/1.1 in CBOR', { skip }, () =>
    work([], 'application/x-amz-cbor-1.1'),
  );

  test('the Java SDK v1 does its work in JSON', { skip }, () =>
    work(['-Dcom.amazonaws.sdk.disableCbor=true'], 'application/x-amz-json-1.1'),
  );

  test('the Java SDK v1 does its work over TLS', { skip }, async () => {
    await using server = await startGuardedServer();
    using trust = await encrypted(server);
    const flags = Object.entries(await trustStore(trust)).map(([name, value]) => `-D${name}=${value}`);
    await runScenario({ ...server.environment, AWS_ENDPOINT_URL: trust.url }, flags);
  });

  async function work(flags: readonly string[], contentType: string): Promise<void> {
    await using server = await startGuardedServer();
    await using tap = await tapWire(server.url);
    const printed = await runScenario({ ...server.environment, AWS_ENDPOINT_URL: tap.url }, flags);
    const contentTypes = /^content types: (.*)$/m.exec(printed)?.[1]?.split(', ');
    assert.deepEqual(
      { protocols: [...tap.heard], contentTypes },
      { protocols: ['HTTP/1.1'], contentTypes: [contentType] },
    );
  }

  async function runScenario(server: NodeJS.ProcessEnv, flags: readonly string[]): Promise<string> {
    // This version has a name of its own for the file.
    const environment = { ...server, AWS_CREDENTIAL_PROFILES_FILE: server['AWS_SHARED_CREDENTIALS_FILE'] };
    const command = ['java', ...quickStart, ...flags, '-cp', classes, 'Scenario'] as const;
    const printed = await runProgram({ command, folder, environment, seconds: 600 });
    assert.match(printed, /^remove: as on AWS$/m);
    return printed;
  }
});
