import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Signer } from '../../harness/signer.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';

/**
 * Memory under connections that each promise a body of 10 MiB and bring next to nothing of it. Every other
 * head is signed by a known user. First a byte now and then, which the server gives up on after ten seconds,
 * and the client begins anew; then as little as it takes not to be given up.
 */
export const slowBodies: Scenario = {
  name: 'slow-bodies',
  group: 'growth',
  rounds: () => 1,
  async measure(turn) {
    await using server = await turn.start(1);
    const count = turn.options.isQuick ? 200 : 2_000;
    const emptyMegabytes = await settledMegabytes(server);
    const byteWise = await grownUnder(server, count, Buffer.from('x'));
    await settledMegabytes(server);
    const paced = await grownUnder(server, count, Buffer.alloc(pacedBytes, 'x'));
    turn.note({
      emptyMegabytes,
      bytewiseGrownMegabytes: byteWise - emptyMegabytes,
      pacedGrownMegabytes: paced - emptyMegabytes,
      residentMegabytes: await settledMegabytes(server),
    });
  },
};

/** In each half second: more than the 500 bytes a second under which the server gives a body up. */
const pacedBytes = 300;
const pieceMs = 500;
const attackMs = 20_000;
const promisedBytes = 10 * 1024 * 1024;

async function settledMegabytes(server: RunningServer): Promise<number> {
  await sleep(3_000);
  return server.residentMegabytes();
}

/** The most that was resident while so many connections sent this piece now and then, in megabytes. */
async function grownUnder(server: RunningServer, count: number, piece: Buffer): Promise<number> {
  const ended = new AbortController();
  const senders: Promise<void>[] = [];
  for (let nth = 0; nth < count; nth++) {
    senders.push(sendSlowly(headFor(server.port, nth % 2 === 0), server.port, piece, ended.signal));
    // A server's queue of connections that it has not looked at yet is short.
    if (nth % openedAtOnce === 0) await sleep(5);
  }
  let most = 0;
  for (let ms = 0; ms < attackMs; ms += pieceMs) {
    await sleep(pieceMs);
    most = Math.max(most, server.residentMegabytes());
  }
  ended.abort();
  await Promise.all(senders);
  return most;
}

const openedAtOnce = 50;

/** Begins again when the server has given up. */
async function sendSlowly(head: Buffer, port: number, piece: Buffer, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const socket = connect({ port, host: '127.0.0.1' });
    const closed = once(socket, 'close').catch(() => undefined);
    socket.on('error', () => socket.destroy()).resume();
    socket.write(head);
    await trickle(socket, piece, ended);
    socket.destroy();
    await closed;
  }
}

async function trickle(socket: Socket, piece: Buffer, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && socket.writable && !socket.readableEnded) {
    await sleep(pieceMs);
    socket.write(piece);
  }
}

/** Signed for another body: whether that is so shows at its end only, which never comes. */
function headFor(port: number, isSigned: boolean): Buffer {
  const signed = isSigned ? new Signer(port).headers('PutRecord', Buffer.from('{}')) : unsignedHeaders;
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
  const head = ['POST / HTTP/1.1', `Host: 127.0.0.1:${port}`, ...lines, `Content-Length: ${promisedBytes}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

const unsignedHeaders = {
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': 'Kinesis_20131202.PutRecord',
};
