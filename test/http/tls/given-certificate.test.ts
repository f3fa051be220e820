import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { certify, makeAuthority } from '../../../src/http/tls/certificate.ts';
import { GivenCertificate } from '../../../src/http/tls/given-certificate.ts';
import type { KeyPair } from '../../../src/http/tls/key-pair.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';
import { handTurnedClock } from '../hand-turned-clock.ts';
import { echo, listen } from '../raw-client.ts';
import { get } from './local-server.ts';

const replaced = 'the certificate was replaced';
const useless = 'the new certificate is of no use, the old one stays';

test('new files are taken over while the server runs, links that change included', async () => {
  using files = new Files();
  const [first, second, third] = [await certified(), await certified(), await certified()];
  files.write(first.server);
  await using given = await open(files);
  await get(given.server, first.ca);
  await given.look();
  assert.deepEqual(given.logged, []);

  files.write(second.server);
  await given.look();
  await get(given.server, second.ca);
  await assert.rejects(get(given.server, first.ca));

  files.link(third.server);
  await given.look();
  await get(given.server, third.ca);
  assert.deepEqual(given.logged, [replaced, replaced]);
});

test('bad new files leave the old certificate in place, and are logged once', async () => {
  using files = new Files();
  const [first, second] = [await certified(), await certified()];
  files.write(first.server);
  await using given = await open(files);
  const bad = [
    () => files.write({ ...first.server, certificate: 'nonsense' }),
    () => files.write({ ...first.server, key: second.server.key }),
    () => rmSync(files.key),
  ];
  for (const [index, spoil] of bad.entries()) {
    spoil();
    await given.look();
    await given.look();
    await get(given.server, first.ca);
    assert.deepEqual(given.logged, new Array(index + 1).fill(useless));
  }
  files.write(second.server);
  await given.look();
  await get(given.server, second.ca);
  assert.equal(given.logged.at(-1), replaced);
});

test('connections that are open stay when the certificate is replaced', async () => {
  using files = new Files();
  const [first, second] = [await certified(), await certified()];
  files.write(first.server);
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  await using given = await open(files, async (request) => {
    if (request.target === '/slow') await allowed;
    return echo(request);
  });
  const slow = get(given.server, first.ca, { path: '/slow' });
  await get(given.server, first.ca);
  files.write(second.server);
  await given.look();
  await get(given.server, second.ca);
  allow();
  assert.match(await slow, /"\/slow"/);
});

test('files that are of no use are refused at the start, in one line that says why', async () => {
  using files = new Files();
  const [one, other] = [await certified(), await certified()];
  const refused: [KeyPair | undefined, string][] = [
    [undefined, `ENOENT: no such file or directory, open '${files.certificate}'`],
    [{ ...one.server, certificate: 'nonsense' }, 'the certificate is not PEM'],
    [{ ...one.server, key: 'nonsense' }, 'the key is not PEM, or needs a passphrase'],
    [{ ...one.server, key: other.server.key }, "the key is not the certificate's"],
  ];
  for (const [pair, why] of refused) {
    if (pair !== undefined) files.write(pair);
    const { code, stdout, stderr } = await MillraceProcess.run(files.args);
    const stderrExpected = `millrace: cannot use ${files.certificate} with ${files.key}: ${why}\n`;
    assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: stderrExpected });
  }
  const { code, stderr } = await MillraceProcess.run(files.args.slice(0, -2));
  assert.equal(code, 2);
  assert.equal(stderr, 'millrace: --tls-certificate and --tls-key are given together or not at all\n');
});

test('with a certificate of the user there is no authority to get, and a client that asks is told why', async () => {
  using files = new Files();
  const { server, ca } = await certified();
  files.write(server);
  for (const workers of ['0', '2']) {
    await using process = new MillraceProcess([...files.args, '--workers', workers]);
    const url = new URL(await process.ready());
    const answer = await fetch(new URL('/ca.pem', url));
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.match(await answer.text(), /^This server shows a certificate that it was given[^\n]*\n$/);
    const endpoint = { host: url.hostname, port: Number(url.port) };
    assert.match(await get({ endpoint, close: async () => {} }, ca, { path: '/health' }), /"ok"/);
  }
});

/** An authority, and a server that it certified. */
async function certified(): Promise<{ ca: string; server: KeyPair }> {
  const now = Date.now();
  const validity = { from: now - 3_600_000, until: now + 3_600_000 };
  const authority = await makeAuthority(validity, nodeRandom());
  const server = await certify(['localhost'], authority, validity, nodeRandom());
  return { ca: authority.certificate, server };
}

class Files implements Disposable {
  readonly #directory = temporaryDirectory();
  readonly certificate = join(this.#directory.path, 'a.pem');
  readonly key = join(this.#directory.path, 'a-key.pem');
  readonly args = [
    ...['--memory', '--port', '0'],
    ...['--tls-certificate', this.certificate, '--tls-key', this.key],
  ];

  write({ certificate, key }: KeyPair): void {
    writeFileSync(this.certificate, certificate);
    writeFileSync(this.key, key);
  }

  /** The way of a mounted secret: other files, under the same names. */
  link({ certificate, key }: KeyPair): void {
    for (const [path, text] of [
      [this.certificate, certificate],
      [this.key, key],
    ] as const) {
      writeFileSync(`${path}.linked`, text);
      rmSync(path);
      symlinkSync(`${path}.linked`, path);
    }
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** A listener with these files, on a clock that is turned for a look at them. */
async function open(files: Files, handle = echo) {
  const { clock, advance, sleeping } = handTurnedClock();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const logger = { ...silentLogger, info: log, error: log };
  const given = await GivenCertificate.open(files, { clock, logger });
  const server = await listen(handle, [], undefined, given.identity);
  const look = async () => {
    await advance(5_000);
    while (sleeping() === 0) await new Promise(setImmediate);
  };
  const close = async () => {
    given.close();
    await server.close();
  };
  return { server, logged, look, [Symbol.asyncDispose]: close };
}
