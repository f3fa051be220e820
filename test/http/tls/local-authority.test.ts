import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Disk } from '../../../src/env/disk.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { diskStore, type KeyPairStore, memoryStore } from '../../../src/http/tls/key-pair-store.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { echo, listen } from '../raw-client.ts';
import { get, localAuthority } from './local-server.ts';

const day = 24 * 3_600_000;

test('its certificate is trusted by name and by address, and for no other name', async () => {
  const names = ['localhost', '127.0.0.1', '::1', 'build-7.example', '2001:db8::a:0:1', '10.0.0.255'];
  const authority = localAuthority({ names });
  const ca = await authority.certificate();
  await using server = await listen(echo, [], undefined, authority.identity);
  for (const servername of ['localhost', 'build-7.example']) await get(server, ca, { servername });
  await get(server, ca, { servername: '' }); // Then the address is what counts: 127.0.0.1.
  await assert.rejects(get(server, ca, { servername: 'example.com' }), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});

test('an authority may certify servers only, and says what strict clients want to know', async () => {
  const { store, read } = storeInMemory();
  await localAuthority({ store, names: ['localhost', '2001:db8::a:0:1'] }).identity();
  const [ca, server] = [await read('ca'), await read('server')];
  assert.equal(ca.ca, true);
  assert.equal(server.ca, false);
  assert.ok(ca.checkIssued(ca) && server.checkIssued(ca));
  assert.equal(server.subjectAltName, 'DNS:localhost, IP Address:2001:DB8:0:0:0:A:0:1');
  assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.notEqual(ca.serialNumber, server.serialNumber);
});

test('authority and certificate survive a restart', async () => {
  using directory = temporaryDirectory();
  const store = diskStore(nodeDisk(directory.path), 'tls');
  const ca = await localAuthority({ store }).certificate();
  const before = filesOf(directory.path);
  assert.deepEqual(Object.keys(before), ['ca-key.pem', 'ca.pem', 'server-key.pem', 'server.pem']);
  assert.equal(statSync(join(directory.path, 'tls', 'ca-key.pem')).mode & 0o777, 0o600);

  const logged: string[] = [];
  assert.equal(await localAuthority({ store, logged }).certificate(), ca);
  assert.deepEqual(filesOf(directory.path), before);
  assert.deepEqual(logged, []);
});

test('a new name makes a new certificate by the same authority', async () => {
  const { store, read } = storeInMemory();
  const ca = await localAuthority({ store, names: ['localhost', 'old'] }).certificate();
  assert.equal(await localAuthority({ store, names: ['localhost', 'new'] }).certificate(), ca);
  assert.equal((await read('server')).checkHost('new'), 'new');
});

test('a certificate is renewed while it is good for another month, without a restart', async () => {
  const { store, read } = storeInMemory();
  let now = Date.now();
  const authority = localAuthority({ store, clock: { now: () => now } });
  const first = await authority.identity();
  const { serialNumber, validToDate } = await read('server');
  now = validToDate.getTime() - 30 * day - 1;
  assert.equal(await authority.identity(), first);
  now += 1;
  const renewed = await Promise.all([authority.identity(), authority.identity()]);
  assert.notEqual(renewed[0], first);
  assert.equal(renewed[0], renewed[1]);
  assert.notEqual((await read('server')).serialNumber, serialNumber);
  assert.ok((await read('server')).validToDate.getTime() > now + 60 * day);
});

test('an authority is renewed while it is good for another year, and its server with it', async () => {
  const { store, read } = storeInMemory();
  let now = Date.UTC(2043, 0, 1); // The new one ends when years have four digits in certificates.
  const first = await localAuthority({ store, clock: { now: () => now } }).certificate();
  now = (await read('ca')).validToDate.getTime() - 365 * day;
  const logged: string[] = [];
  const second = await localAuthority({ store, logged, clock: { now: () => now } }).certificate();
  assert.notEqual(second, first);
  assert.ok((await read('server')).checkIssued(await read('ca')));
  assert.ok((await read('ca')).validToDate.getTime() > now + 3000 * day);
  assert.deepEqual(logged, ['a certificate authority was made']);
});

test('files that do not fit together, or are no files of ours, are made again', async () => {
  using directory = temporaryDirectory();
  const store = diskStore(nodeDisk(directory.path), 'tls');
  const at = (name: string) => join(directory.path, 'tls', name);
  const ca = await localAuthority({ store }).certificate();
  for (const damage of [
    () => writeFileSync(at('server-key.pem'), readFileSync(at('ca-key.pem'))),
    () => writeFileSync(at('server.pem'), ''),
    () => rmSync(at('server.pem')),
    () => writeFileSync(at('server.pem.new'), 'left by a crash'),
  ]) {
    damage();
    const authority = localAuthority({ store });
    assert.equal(await authority.certificate(), ca);
    await using server = await listen(echo, [], undefined, authority.identity);
    await get(server, ca);
  }
  writeFileSync(at('ca-key.pem'), 'nonsense');
  assert.notEqual(await localAuthority({ store }).certificate(), ca);
});

test('wherever writing stops, the next start has a whole authority', async () => {
  const all = 4 * 3; // Four files are created, written and renamed.
  for (let calls = 0; calls <= all; calls++) {
    using directory = temporaryDirectory();
    const disk = nodeDisk(directory.path);
    const logged: string[] = [];
    const attempt = localAuthority({ store: diskStore(stoppingAfter(calls, disk), 'tls'), logged });
    const failed = await attempt.certificate().then(
      () => logged.includes("the server's certificate could not be stored"),
      () => true,
    );
    assert.equal(failed, calls < all);
    const next = localAuthority({ store: diskStore(disk, 'tls') });
    await using server = await listen(echo, [], undefined, next.identity);
    await get(server, await next.certificate());
  }
});

test('a certificate that cannot be stored is shown all the same; an authority that cannot is not', async () => {
  const { store } = storeInMemory();
  const full = (name: string): KeyPairStore => ({
    load: store.load,
    store: (stored, pair) =>
      stored === name ? Promise.reject(new Error('the disk is full')) : store.store(stored, pair),
  });
  const logged: string[] = [];
  await assert.rejects(localAuthority({ store: full('ca') }).identity(), /the disk is full/);
  const authority = localAuthority({ store: full('server'), logged });
  await using server = await listen(echo, [], undefined, authority.identity);
  await get(server, await authority.certificate());
  assert.deepEqual(logged.slice(1), ["the server's certificate could not be stored"]);
});

test('after a failure the next client is served', async () => {
  let full = true;
  const inner = memoryStore();
  const store: KeyPairStore['store'] = (name, pair) =>
    full ? Promise.reject(new Error('the disk is full')) : inner.store(name, pair);
  const authority = localAuthority({ store: { ...inner, store } });
  await assert.rejects(authority.certificate());
  full = false;
  assert.match(await authority.certificate(), /^-----BEGIN CERTIFICATE-----\n/);
});

function storeInMemory() {
  const store = memoryStore();
  const read = async (name: string) => new X509Certificate((await store.load(name))!.certificate);
  return { store, read };
}

function filesOf(directory: string): Record<string, string> {
  const folder = join(directory, 'tls');
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A disk on which some calls that change something succeed, and then none. */
function stoppingAfter(calls: number, disk: Disk): Disk {
  let left = calls;
  const step = () => {
    if (left-- <= 0) throw new Error('stopped');
  };
  return {
    ...disk,
    async open(path, mode) {
      if (mode !== 'create') return await disk.open(path, mode);
      step();
      const file = await disk.open(path, mode);
      const write: typeof file.write = async (buffers, position) => {
        step();
        await file.write(buffers, position);
      };
      return { ...file, write };
    },
    async rename(from, to) {
      step();
      await disk.rename(from, to);
    },
  };
}
