import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { BodyBudget, budgetBytes } from '../../src/http/body.ts';
import { Deadlines } from '../../src/http/deadlines.ts';
import { FastConnection } from '../../src/http/fast-connection.ts';
import type { HttpContext } from '../../src/http/http-context.ts';
import { Unsent, unsentBytesMax } from '../../src/http/unsent.ts';
import { handTurnedClock } from './hand-turned-clock.ts';

/** A connection whose client takes nothing of what it is answered, and a clock for it. */
function deaf() {
  const { clock, advance } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  const free = new Int32Array([budgetBytes]);
  const exchange: HttpContext = {
    handle: async () => ({ status: 200, headers: {}, body: 'short' }),
    recognize: () => false,
    origin: () => ({ listener: '127.0.0.1:4567' }),
    budget: new BodyBudget(free),
    deadlines,
    unsent: new Unsent(new Int32Array([unsentBytesMax]), deadlines, clock),
    isLast: () => false,
    date: () => 'now',
    turn: clock.turn,
    failed: assert.ifError,
  };
  const socket = new Duplex({ allowHalfOpen: true, read() {}, write() {} });
  const handOver = () => assert.fail();
  new FastConnection(socket as Socket, exchange, { handOver, done() {} });
  const say = async (text: string | null) => {
    socket.push(text === null ? null : Buffer.from(text));
    for (let turn = 0; turn < 5; turn++) await clock.turn();
  };
  return { socket, say, advance, free, [Symbol.dispose]: () => deadlines.close() };
}

const head = (length: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;

test('a client that is slow with its body and deaf to its refusal holds neither memory nor its connection', async () => {
  using client = deaf();
  await client.say(`${head(2)}{}`);
  await client.say(`${head(10_000)}${'x'.repeat(1_000)}`);
  assert.equal(client.free[0], budgetBytes - 1_000);
  await client.advance(11_000);
  assert.equal(client.free[0], budgetBytes);
  assert.equal(client.socket.destroyed, false);
  await client.advance(3_000);
  assert.equal(client.socket.destroyed, true);
});

test('a client that has ended its half and does not take its answer is ended after a minute', async () => {
  using client = deaf();
  await client.say(`${head(2)}{}`);
  await client.say(null);
  await client.advance(59_000);
  assert.equal(client.socket.destroyed, false);
  await client.advance(2_000);
  assert.equal(client.socket.destroyed, true);
});

test('a client that ends its half in the middle of a body holds no memory', async () => {
  using client = deaf();
  await client.say(`${head(2)}{}`);
  await client.say(`${head(10_000)}${'x'.repeat(1_000)}`);
  await client.say(null);
  assert.equal(client.free[0], budgetBytes);
  await client.advance(61_000);
  assert.equal(client.socket.destroyed, true);
});
