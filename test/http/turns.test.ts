import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Handler } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { emptySettings, preface, request } from './frames.ts';
import { connected, lines, listenTo } from './lines.ts';
import { RawClient } from './raw-client.ts';

/**
 * Counts how often each connection is served in one turn of the event loop. Targets are
 * `/<connection>/<number>`.
 */
function servedPerTurn() {
  let turn = 0;
  let ticking = true;
  const tick = () => {
    turn += 1;
    if (ticking) setImmediate(tick);
  };
  setImmediate(tick);
  const counts = new Map<string, number>();
  let served = 0;
  const handle: Handler = async ({ target }) => {
    const key = `${turn}${target.slice(0, target.lastIndexOf('/'))}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    served += 1;
    return { status: 200, headers: {}, body: 'ok' };
  };
  const stop = () => {
    ticking = false;
  };
  return { handle, stop, served: () => served, most: () => Math.max(...counts.values()) };
}

const bursts = 4;
/** More over HTTP/2, where several share a turn. */
const inBurst = (speech: string) => (speech === 'HTTP/2' ? 200 : 60);

/** All requests of one connection, in one packet. */
function burst(speech: string, connection: number): Buffer {
  const targets = Array.from({ length: inBurst(speech) }, (_, nth) => `/${connection}/${nth}`);
  if (speech === 'HTTP/2') {
    const streams = targets.map((target, nth) => request(2 * nth + 1, { ':path': target }));
    return Buffer.concat([preface, emptySettings, ...streams]);
  }
  const method = speech === 'plain' ? 'POST' : 'PUT';
  const text = (target: string) => `${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
  return Buffer.from(targets.map(text).join(''));
}

for (const { name, speech, tls } of lines) {
  // One that is served at once, and one whose turn has come, may meet in one.
  const allowed = speech === 'HTTP/2' ? 2 * 32 : 2;
  test(`a client that asks much at once is served in turns with the others: ${name}`, async () => {
    const { handle, stop, served, most } = servedPerTurn();
    await using server = await listenTo(handle);
    const sockets = await Promise.all(Array.from({ length: bursts }, () => connected(server, tls, speech)));
    for (const [connection, socket] of sockets.entries())
      socket.write(burst(speech, connection)) && socket.resume();
    while (served() < bursts * inBurst(speech)) await new Promise(setImmediate);
    stop();
    for (const socket of sockets) socket.destroy();
    assert.ok(most() <= allowed, `${most()} requests of one connection in one turn`);
  });
}

test('a client that asks once has its answer while others go on asking', async () => {
  const { handle, stop, served } = servedPerTurn();
  await using server = await listenTo(handle);
  const greedy = await Promise.all(
    ['plain', 'node:http', 'plain', 'node:http'].map(async (speech, connection) => {
      const socket = await connected(server, false);
      socket.resume();
      const all = burst(speech, connection);
      const go = () => {
        while (!socket.destroyed && socket.write(all));
      };
      socket.on('drain', go);
      go();
      return socket;
    }),
  );
  while (served() < 500) await new Promise(setImmediate);
  const before = served();
  const modest = new RawClient(server).say('GET /5/health HTTP/1.1\r\nHost: x\r\n\r\n');
  await modest.hear('ok');
  stop();
  // A few turns to connect, to be heard and to be answered, in each of which every other one is served once.
  assert.ok(served() - before < 200, `${served() - before} requests were served before it`);
  for (const socket of [...greedy, modest.socket]) socket.destroy();
});

test('a client that asks one thing after the other waits for no turn', async () => {
  let turns = 0;
  const handle: Handler = async () => ({ status: 200, headers: {}, body: 'ok' });
  const clock = {
    ...nodeClock,
    turn: () => {
      turns += 1;
      return nodeClock.turn();
    },
  };
  await using server = await listenTo(handle, [], clock);
  for (const speech of ['plain', 'node:http']) {
    const socket = await connected(server, false);
    for (let nth = 0; nth < 20; nth++) {
      socket.write(burst(speech, nth).subarray(0, burst(speech, nth).indexOf('{}') + 2));
      await once(socket, 'data');
    }
    socket.destroy();
  }
  assert.equal(turns, 0);
});
