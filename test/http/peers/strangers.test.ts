import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Logger, silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import type { PeerListening } from '../../../src/env/peers.ts';
import type { Port } from '../../../src/env/workers.ts';
import { nodePeers } from '../../../src/http/peers/node-peers.ts';
import { peerName, tlsOf } from '../../../src/http/peers/peer-hello.ts';
import { handTurnedClock } from '../hand-turned-clock.ts';
import { identityIn } from './cluster.ts';

const open: PeerListening[] = [];
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close();
});

async function listening(accept: (port: Port) => void = strangerTaken, logger: Logger = silentLogger) {
  const { clock, advance, sleeping } = handTurnedClock();
  const network = nodePeers({ clock, random: nodeRandom(), logger });
  const listener = await network.listen('127.0.0.1:0', await identityIn('ours', 'us'), accept);
  open.push(listener);
  const port = Number(listener.address.split(':')[1]);
  return { listener, port, advance, sleeping, authority: (await identityIn('ours', 'us')).authority };
}

function strangerTaken(): never {
  assert.fail('a stranger was taken for a gateway');
}

/** Resolves to the first that a stranger is told after the handshake, or to nothing. */
function heardBy(options: ConnectionOptions, says: string | Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connectTls({ host: '127.0.0.1', servername: peerName, ALPNProtocols: ['h2'], ...options });
    socket.on('error', () => {});
    socket.on('secureConnect', () => socket.write(says));
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      socket.destroy();
    });
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });
}

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

test('a stranger without a certificate, or with that of another cluster, hears nothing', async () => {
  const { port, authority: ca } = await listening();
  const { key, certificate: cert } = await identityIn('theirs', 'them');
  assert.equal((await heardBy({ port, ca }, preface)).length, 0);
  assert.equal((await heardBy({ port, ca, key, cert }, preface)).length, 0);
});

test('an older TLS, another protocol and what is no TLS end at once', async () => {
  const { port, authority: ca } = await listening();
  const own = await identityIn('ours', 'one');
  assert.equal((await heardBy({ port, ca, maxVersion: 'TLSv1.2' }, preface)).length, 0);
  const speaking = { port, ca, key: own.key, cert: own.certificate, ALPNProtocols: ['http/1.1'] };
  assert.equal((await heardBy(speaking, 'GET / HTTP/1.1\r\n\r\n')).length, 0);
  const plain = connectTcp({ host: '127.0.0.1', port });
  plain.on('error', () => {});
  plain.write('GET / HTTP/1.1\r\n\r\n');
  plain.resume();
  await once(plain, 'close');
});

test('the certificate that strangers are shown names no host and no member', async () => {
  const { port, authority: ca } = await listening();
  const socket = connectTls({ host: '127.0.0.1', port, ca, servername: peerName });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  const { subject, subjectaltname } = socket.getPeerCertificate();
  assert.deepEqual([subject.CN, subjectaltname], [peerName, `DNS:${peerName}`]);
  socket.destroy();
});

test('connections without a handshake do not keep gateways out: the oldest goes', async () => {
  const accepted = Promise.withResolvers<void>();
  const { port, listener } = await listening(() => accepted.resolve());
  const idle = Array.from({ length: 70 }, () => connectTcp({ host: '127.0.0.1', port }));
  const closed = idle.map((socket) => once(socket.on('error', () => {}).resume(), 'close'));
  await Promise.any(closed);
  const network = nodePeers({ clock: nodeClock, random: nodeRandom(), logger: silentLogger });
  const port2 = network.connect(listener.address, await identityIn('ours', 'one'));
  await accepted.promise;
  port2.close();
  for (const socket of idle) socket.destroy();
});

test('a gateway of another version is refused, and both say which versions there are', async () => {
  const said: unknown[] = [];
  const error = (...line: unknown[]) => said.push(line);
  const { listener } = await listening(strangerTaken, { ...silentLogger, error });
  const session = connectHttp2(`https://${listener.address}`, {
    ...tlsOf(await identityIn('ours', 'newer')),
    servername: peerName,
  });
  const hello = { ':method': 'POST', ':path': '/peers', 'millrace-peers': '2', 'millrace-member': 'newer' };
  const [headers] = await once(session.request(hello), 'response');
  assert.deepEqual([headers[':status'], headers['millrace-peers']], [426, '1']);
  await once(session, 'close');
  assert.match(
    JSON.stringify(said),
    /another gateway was refused.*speaks version 2.*this one speaks 1: upgrade/,
  );
});

test('a session that asks for nothing is ended', async () => {
  const { listener, advance, sleeping } = await listening();
  const session = connectHttp2(`https://${listener.address}`, {
    ...tlsOf(await identityIn('ours', 'mute')),
    servername: peerName,
  });
  session.on('error', () => {});
  while (sleeping() === 0) await new Promise(setImmediate);
  await advance(5_000);
  await once(session, 'close');
});

test('what is no message ends the connection, and the rest of it is not read', async () => {
  for (const bytes of ['ffffffff', '00000001c1', '000000020000']) {
    const closed = Promise.withResolvers<void>();
    const { listener } = await listening((port) => port.listen(strangerTaken, closed.resolve));
    const session = connectHttp2(`https://${listener.address}`, {
      ...tlsOf(await identityIn('ours', 'broken')),
      servername: peerName,
    });
    session.on('error', () => {});
    const hello = {
      ':method': 'POST',
      ':path': '/peers',
      'millrace-peers': '1',
      'millrace-member': 'broken',
    };
    const stream = session.request(hello, { endStream: false });
    stream.on('error', () => {});
    stream.write(Buffer.from(bytes, 'hex'));
    await closed.promise;
    session.destroy();
  }
});

test('a gateway that is silent for some seconds is gone, for whoever connected and for whom it did not', async () => {
  const far = Promise.withResolvers<Port>();
  const { listener, port, advance, sleeping } = await listening((accepted) => far.resolve(accepted));
  // What takes all that is sent and passes nothing on is what a stopped process looks like.
  let isStopped = false;
  const sockets: Socket[] = [];
  const between = createServer((near) => {
    const beyond = connectTcp({ host: '127.0.0.1', port });
    sockets.push(near, beyond);
    near.on('data', (piece) => isStopped || beyond.write(piece)).on('close', () => beyond.destroy());
    beyond.on('data', (piece) => isStopped || near.write(piece)).on('close', () => near.destroy());
    for (const socket of [near, beyond]) socket.on('error', () => {});
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  const { port: portBetween } = between.address() as AddressInfo;
  const slow = handTurnedClock();
  const network = nodePeers({ clock: slow.clock, random: nodeRandom(), logger: silentLogger });
  const ready = Promise.withResolvers<string>();
  const near = network.connect(`127.0.0.1:${portBetween}`, await identityIn('ours', 'one'), ready.resolve);
  await ready.promise;
  const ends = [
    { port: near, advance: slow.advance, sleeping: slow.sleeping, isOpen: true },
    { port: await far.promise, advance, sleeping, isOpen: true },
  ];
  for (const end of ends) {
    const closed = () => {
      end.isOpen = false;
    };
    end.port.listen(() => {}, closed);
  }
  isStopped = true;
  for (let looks = 0; looks < 40; looks++) {
    for (const end of ends) {
      while (end.isOpen && end.sleeping() === 0) await new Promise(setImmediate);
      await end.advance(500);
    }
  }
  const heardEnd = ends.map(({ isOpen }) => !isOpen);
  for (const socket of sockets) socket.destroy();
  between.close();
  await listener.close();
  assert.deepEqual(heardEnd, [true, true]);
});

test('a new certificate is shown to those that connect from now on', async () => {
  const accepted: Port[] = [];
  const { listener } = await listening((port) => accepted.push(port));
  const network = nodePeers({ clock: nodeClock, random: nodeRandom(), logger: silentLogger });
  const renewed = await identityIn('theirs', 'us');
  listener.renew(renewed);
  const ready = Promise.withResolvers<string>();
  const port = network.connect(listener.address, await identityIn('theirs', 'one'), ready.resolve);
  assert.equal(await ready.promise, 'us');
  port.close();
});
