import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { before, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Handler, Listening, Peer } from '../../../src/env/network.ts';
import { described } from '../../../src/http/tls/client-certificate.ts';
import type { ClientAuthorities, KeyPair } from '../../../src/http/tls/key-pair.ts';
import { ShownCertificate } from '../../../src/http/tls/shown-certificate.ts';
import { listen } from '../raw-client.ts';
import { certifyClient, makeClientAuthority, now, purposes, revocationList } from './client-certificates.ts';
import { localAuthority } from './local-server.ts';

const own = localAuthority();
let authority: KeyPair;
let other: KeyPair;

before(async () => {
  [authority, other] = await Promise.all([makeClientAuthority(), makeClientAuthority()]);
});

for (const speech of ['http/1.1', 'node:http', 'h2']) {
  test(`requests say what certificate their client has shown: ${speech}`, async () => {
    const { handle, peers } = listener();
    await using server = await asking(handle, { pem: authority.certificate, areRequired: true });
    const client = await certifyClient(authority, { uris: ['spiffe://example.com/orders', 'urn:x'] });
    await asked(server, client, speech);
    const { fingerprint256: fingerprint } = new X509Certificate(client.certificate);
    assert.deepEqual(peers, [
      {
        address: '127.0.0.1',
        secure: true,
        listener: `127.0.0.1:${server.endpoint.port}`,
        certificate: { subject: 'orders', uris: ['spiffe://example.com/orders', 'urn:x'], fingerprint },
      },
      peers[0],
    ]);
    assert.equal(peers[1], peers[0]);
  });
}

const refused: readonly [string, () => Promise<KeyPair>][] = [
  ['of another authority', () => certifyClient(other)],
  ['past its end', () => certifyClient(authority, { validity: { from: now.from, until: now.from + 1000 } })],
  [
    'before its begin',
    () => certifyClient(authority, { validity: { from: now.until, until: now.until + 1 } }),
  ],
  ['for servers', () => certifyClient(authority, { purpose: purposes.servers })],
  [
    'certified by a client',
    async () => {
      const between = await certifyClient(authority);
      const { key, certificate } = await certifyClient(between);
      return { key, certificate: certificate + between.certificate };
    },
  ],
];
for (const [what, make] of refused) {
  test(`no request is heard of a client whose certificate is ${what}, required or not`, async () => {
    const { handle, peers } = listener();
    const client = await make();
    for (const areRequired of [true, false]) {
      await using server = await asking(handle, { pem: authority.certificate, areRequired });
      for (const speech of ['http/1.1', 'h2']) await assert.rejects(asked(server, client, speech));
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        await assert.rejects(asked(server, client, 'http/1.1', { maxVersion }));
      }
    }
    assert.deepEqual(peers, []);
  });
}

test('without a certificate a client is refused where one is required, and says nothing of one elsewhere', async () => {
  const { handle, peers } = listener();
  await using strict = await asking(handle, { pem: authority.certificate, areRequired: true });
  await assert.rejects(asked(strict, undefined, 'http/1.1'));
  assert.deepEqual(peers, []);
  await using lax = await asking(handle, { pem: authority.certificate, areRequired: false });
  await asked(lax, undefined, 'http/1.1');
  await asked(lax, undefined, 'h2');
  assert.equal(peers.length, 4);
  assert.ok(peers.every(({ secure, certificate }) => secure && certificate === undefined));
});

test('a server that asks for no certificates is not told of one', async () => {
  const { handle, peers } = listener();
  await using server = await listen(handle, [], undefined, own.identity);
  await asked(server, await certifyClient(authority), 'http/1.1');
  assert.ok(peers.every((peer) => !('certificate' in peer)));
});

test('several authorities may certify, and a certificate that was taken back is refused', async () => {
  const { handle, peers } = listener();
  const [good, bad] = [await certifyClient(authority), await certifyClient(authority)];
  const lists = [await revocationList(authority, [bad]), await revocationList(other, [])];
  const pem = [authority.certificate, other.certificate, ...lists].join('');
  await using server = await asking(handle, { pem, areRequired: true });
  await asked(server, good, 'http/1.1');
  await asked(server, await certifyClient(other), 'http/1.1');
  assert.equal(peers.length, 4);
  await assert.rejects(asked(server, bad, 'http/1.1'));
});

test('no session is resumed where clients show certificates: each is verified', async () => {
  const { handle, peers } = listener();
  await using server = await asking(handle, { pem: authority.certificate, areRequired: true });
  const client = await certifyClient(authority);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    let session: Buffer | undefined;
    const first = await connected(server, client, 'http/1.1', { maxVersion });
    first.on('session', (offered) => {
      session = offered;
    });
    await twice(first);
    first.destroy();
    const options = session === undefined ? {} : { session };
    const second = await connected(server, client, 'http/1.1', { maxVersion, ...options });
    assert.equal(second.isSessionReused(), false);
    await twice(second);
    second.destroy();
  }
  assert.ok(peers.every(({ certificate }) => certificate?.subject === 'orders'));
});

test('a name cannot be smuggled in by a name', async () => {
  const odd = ['urn:a, URI:spiffe://example.com/admin', 'urn:"quoted\\"', 'urn:plain'];
  const { certificate } = await certifyClient(authority, { subjects: ['a\nCN=admin'], uris: odd });
  const { subject, uris } = described(new X509Certificate(certificate));
  assert.deepEqual({ subject, uris }, { subject: 'a\nCN=admin', uris: odd });
});

test('of two common names none counts', async () => {
  const { certificate } = await certifyClient(authority, { subjects: ['orders', 'admin'] });
  assert.equal(described(new X509Certificate(certificate)).subject, '');
  const nameless = await certifyClient(authority, { subjects: [] });
  assert.deepEqual(described(new X509Certificate(nameless.certificate)).subject, '');
});

function listener(): { handle: Handler; peers: Peer[] } {
  const peers: Peer[] = [];
  const handle: Handler = async ({ peer }) => {
    peers.push(peer);
    return { status: 200, headers: {}, body: 'done' };
  };
  return { handle, peers };
}

function asking(handle: Handler, clients: ClientAuthorities) {
  const shown = new ShownCertificate(async () => ({ ...(await own.pair()), clients }));
  return listen(handle, [], undefined, shown.identity);
}

/** Two requests on one connection. Rejects when the server hangs up. */
async function asked(
  server: Listening,
  client: KeyPair | undefined,
  speech: string,
  options: ConnectionOptions = {},
): Promise<void> {
  const socket = await connected(server, client, speech, options);
  try {
    await (speech === 'h2' ? twiceOverHttp2(socket) : twice(socket, speech === 'node:http'));
  } finally {
    socket.destroy();
  }
}

async function connected(
  { endpoint }: Listening,
  client: KeyPair | undefined,
  speech: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const ca = await own.certificate();
  const ALPNProtocols = [speech === 'h2' ? 'h2' : 'http/1.1'];
  const pair = client && { key: client.key, cert: client.certificate };
  const socket = connect({ port: endpoint.port, host: '127.0.0.1', ca, ALPNProtocols, ...pair, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

async function twice(socket: TLSSocket, isOdd = false): Promise<void> {
  for (let time = 0; time < 2; time++) {
    const body = isOdd ? 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n' : 'Content-Length: 2\r\n\r\n{}';
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${body}`);
    const heard = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => undefined)]);
    if (heard === undefined) throw new Error('hung up');
  }
}

async function twiceOverHttp2(socket: TLSSocket): Promise<void> {
  const session = connectHttp2('https://x', { createConnection: () => socket });
  const { promise: failed, reject } = Promise.withResolvers<never>();
  session.on('error', reject).on('close', () => reject(new Error('hung up')));
  failed.catch(() => {});
  for (let time = 0; time < 2; time++) {
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.on('error', reject);
    stream.end('{}');
    await Promise.race([once(stream, 'response'), failed]);
    stream.resume();
  }
  session.destroy();
}
