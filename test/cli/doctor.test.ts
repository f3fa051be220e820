import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { temporaryDirectory } from '../server/process.ts';
import { startTestServer } from '../server/server-under-test.ts';
import { runCommand } from './command-under-test.ts';

async function found(args: readonly string[], variables: Record<string, string> = {}) {
  const { out, exitCode } = await runCommand(['doctor', ...args], { variables });
  const findings: Finding[] = JSON.parse(out);
  return { exitCode, of: (topic: string) => findings.find((finding) => finding.topic === topic) };
}

test('the doctor finds a server that is well, and leaves nothing in its directory', async () => {
  await using server = await startTestServer();
  using directory = temporaryDirectory();
  const { exitCode, of } = await found(['--data', directory.path, '--endpoint', server.url]);
  assert.equal(exitCode, 0);
  for (const topic of ['node', 'variables', 'data', 'server', 'clock', 'access', 'TLS']) {
    assert.equal(of(topic)?.state, 'ok', topic);
  }
  assert.match(of('sync')?.says ?? '', /^a sync takes [\d.]+ ms/);
  assert.deepEqual(readdirSync(directory.path), []);
});

test('the doctor says what is wrong, and what to do', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'certificate');
  writeFileSync(file, 'no certificate');
  const variables = { MILLRACE_PROT: '1', MILLRACE_TLS_CERTIFICATE: file, MILLRACE_TLS_KEY: file };
  const { exitCode, of } = await found(['--data', file, '--endpoint', 'http://127.0.0.1:1'], variables);
  assert.equal(exitCode, 1);
  assert.match(of('variables')?.says ?? '', /MILLRACE_PROT is not known \(did you mean MILLRACE_PORT\?\)/);
  assert.equal(of('data')?.state, 'fault');
  assert.equal(of('certificate')?.todo, 'name a PEM certificate');
  assert.deepEqual([of('server')?.state, of('server')?.todo], ['warning', 'start one with: millrace']);
});
