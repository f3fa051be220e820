import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaries } from '../../harness/canaries.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { certify, makeAuthority } from '../../src/http/tls/certificate.ts';
import { startServer } from '../../src/server/server.ts';
import { get } from '../http/tls/local-server.ts';
import { MillraceProcess, temporaryDirectory } from './process.ts';
import { startTestServer } from './server-under-test.ts';
import { signedCall } from './signed-call.ts';

const secretAccessKey: string = canaries.secretAccessKey;
const old = { accessKeyId: 'OLDKEY', key: { secretAccessKey } };
const young = { accessKeyId: 'YOUNGKEY', key: { secretAccessKey: `another ${canaries.secretAccessKey}` } };

for (const workers of [0, 2]) {
  test(`SIGHUP: users, certificate and log level are as the files say, in ${workers} workers`, async () => {
    using files = new Files();
    const first = await files.certificate();
    files.users(old);
    files.config({ 'log-level': 'warn' });
    await using server = new MillraceProcess([...files.args, '--workers', String(workers)]);
    const url = await server.ready();
    assert.equal((await signedCall(url, old)).status, 200);
    assert.equal((await signedCall(url, young)).status, 400);
    await get(endpointOf(url), first, { path: '/health' });

    const second = await files.certificate();
    files.users(young);
    files.config({ 'log-level': 'debug', region: 'eu-west-3' });
    server.kill('SIGHUP');
    await server.logged('looked for a new certificate');
    // Every thread has some of the connections.
    for (let calls = 0; calls < 8; calls++) {
      assert.equal((await signedCall(url, young)).status, 200);
      assert.equal((await signedCall(url, old)).status, 400);
    }
    await get(endpointOf(url), second, { path: '/health' });
    await server.logged('region was changed in the configuration, which takes a restart');
    const line = await server.logged('a request was refused');
    assert.equal(line['accessKeyId'], 'OLDKEY');
    server.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    assert.equal(code, 0);
    for (const secret of [secretAccessKey, young.key.secretAccessKey]) assert.ok(!stderr.includes(secret));
    // Below debug, refused requests cannot fill the log.
    const before = stderr.slice(0, stderr.indexOf('looked for'));
    assert.ok(!before.includes('a request was refused'));
  });
}

test('SIGHUP: files that are of no use are logged, and what was there before stays', async () => {
  using files = new Files();
  const ca = await files.certificate();
  files.users(old);
  files.config({ 'log-level': 'debug' });
  await using server = new MillraceProcess(files.args);
  const url = await server.ready();
  files.write('users', '[broken\n');
  files.write('config.json', '{"prot": 1}');
  files.write('certificate.pem', 'nonsense');
  server.kill('SIGHUP');
  await server.logged('looked for a new certificate');
  for (const useless of ['credentials', 'certificate', 'configuration']) {
    assert.equal((await server.logged(`the new ${useless}`))['level'], 'error');
  }
  assert.equal((await signedCall(url, old)).status, 200);
  await get(endpointOf(url), ca, { path: '/health' });
  // Still at the level of the configuration that was of use.
  assert.equal((await signedCall(url, young)).status, 400);
  await server.logged('a request was refused');
});

test('a server within a program is told to reload, too, and all its threads know when it has', async () => {
  for (const workers of [0, 2]) {
    using files = new Files();
    files.users(old);
    await using server = await startTestServer({ credentials: files.path('users'), workers });
    files.users(young);
    await Promise.all([server.reload(), server.reload()]);
    for (let calls = 0; calls < 8; calls++) assert.equal((await signedCall(server.url, young)).status, 200);
  }
});

/** The files that a server reads, in a directory of their own. */
class Files {
  readonly #directory = temporaryDirectory();

  path(name: string): string {
    return join(this.#directory.path, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  users({ accessKeyId, key }: typeof old): void {
    const lines = [
      '[user]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${key.secretAccessKey}`,
    ];
    this.write('users', lines.join('\n'));
  }

  config(settings: Record<string, string>): void {
    this.write('config.json', JSON.stringify(settings));
  }

  /** Writes a new one, and answers the authority that vouches for it. */
  async certificate(): Promise<string> {
    const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
    const random = nodeRandom();
    const authority = await makeAuthority(validity, random);
    const { certificate, key } = await certify(['localhost'], authority, validity, random);
    this.write('certificate.pem', certificate);
    this.write('key.pem', key);
    return authority.certificate;
  }

  get args(): string[] {
    const flags = {
      credentials: 'users',
      config: 'config.json',
      'tls-certificate': 'certificate.pem',
      'tls-key': 'key.pem',
    };
    const named = Object.entries(flags).flatMap(([flag, name]) => [`--${flag}`, this.path(name)]);
    // AWS lets ListStreams be called five times a second.
    return ['--memory', '--port', '0', '--limits', 'none', ...named];
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

function endpointOf(url: string) {
  const { hostname, port } = new URL(url);
  return { endpoint: { host: hostname, port: Number(port) } };
}

test('an empty path of credentials is one that cannot be read: no server starts open for it', async () => {
  await assert.rejects(
    startServer({ memory: true, port: 0, logLevel: 'silent', credentials: '' }),
    /^StartError: cannot read the credentials/,
  );
});
