import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Deadlines } from '../../src/http/deadlines.ts';
import { collectedBytes, MinorGc } from '../../src/http/minor-gc.ts';
import { Unsent, unsentBytesMax } from '../../src/http/unsent.ts';
import { handTurnedClock } from './hand-turned-clock.ts';
import { ask, lines, listenTo } from './lines.ts';
import { RawClient } from './raw-client.ts';

const mebibyte = 1024 * 1024;
const page = (mebibytes: number) => [Buffer.alloc(mebibytes * mebibyte)];

/** A budget whose answers are ended by a clock. */
function budget() {
  const { clock, advance } = handTurnedClock();
  const deadlines = new Deadlines(clock, assert.ifError);
  const free = new Int32Array([unsentBytesMax]);
  const unsent = new Unsent(free, deadlines, clock);
  const ended: string[] = [];
  const hold = (name: string, parts: readonly Uint8Array[]) => unsent.hold(parts, () => ended.push(name));
  const close = () => deadlines.close();
  return { unsent, ended, hold, advance, free, clock, deadlines, [Symbol.dispose]: close };
}

test('an answer of which nothing leaves for a minute is ended, one that moves is not', async () => {
  using world = budget();
  world.hold('stuck', page(1));
  const moving = world.hold('moving', page(1));
  for (let half = 0; half < 4; half++) {
    await world.advance(30_000);
    world.unsent.moved(moving);
  }
  assert.deepEqual(world.ended, ['stuck']);
});

test('what is taken is free again, once', () => {
  using world = budget();
  const held = world.hold('one', page(20));
  assert.equal(world.free[0], unsentBytesMax - 20 * mebibyte);
  world.unsent.done(held);
  world.unsent.done(held);
  assert.equal(world.free[0], unsentBytesMax);
});

test('what was sent counts as garbage', () => {
  using world = budget();
  let collections = 0;
  const garbage = new MinorGc(() => collections++);
  const unsent = new Unsent(world.free, world.deadlines, world.clock, garbage);
  const held = unsent.hold(page(collectedBytes / mebibyte), () => {});
  assert.equal(collections, 0);
  unsent.done(held);
  assert.equal(collections, 1);
});

test('an answer for which there is no room counts as garbage', () => {
  using world = budget();
  let collections = 0;
  const garbage = new MinorGc(() => collections++);
  const unsent = new Unsent(world.free, world.deadlines, world.clock, garbage);
  unsent.hold(page(unsentBytesMax / mebibyte), () => {});
  assert.equal(unsent.hasRoomFor(page(collectedBytes / mebibyte)), false);
  assert.equal(collections, 1);
});

test('memory that several answers hold is counted once, until the last of them is gone', () => {
  using world = budget();
  const shared = page(40);
  const holders = ['a', 'b', 'c'].map((name) => world.hold(name, shared));
  assert.equal(world.free[0], unsentBytesMax - 40 * mebibyte);
  assert.ok(world.unsent.hasRoomFor(shared));
  for (const held of holders) {
    assert.equal(world.free[0], unsentBytesMax - 40 * mebibyte);
    world.unsent.done(held);
  }
  assert.equal(world.free[0], unsentBytesMax);
});

test('a large answer for which there is no room is not begun; after three seconds what stands still makes way', async () => {
  using world = budget();
  world.hold('first', page(20));
  world.hold('second', page(20));
  const reader = world.hold('reader', page(20));
  assert.ok(!world.unsent.hasRoomFor(page(10)));
  await world.advance(2_900);
  world.unsent.moved(reader);
  assert.ok(!world.unsent.hasRoomFor(page(10)));
  await world.advance(100);
  assert.ok(world.unsent.hasRoomFor(page(10)));
  // Which the look of once a second may have done before: some is always kept free.
  assert.deepEqual(world.ended, ['first']);
});

test('what stands still makes way for the answers of another thread, too', async () => {
  using world = budget();
  world.hold('first', page(30));
  world.hold('second', page(30));
  const elsewhere = new Unsent(world.free, world.deadlines, world.clock);
  assert.ok(!elsewhere.hasRoomFor(page(14)));
  await world.advance(3_000);
  assert.ok(elsewhere.hasRoomFor(page(14)));
  assert.deepEqual(world.ended, ['first']);
});

/** More than the kernel holds for a client that does not read. */
const large = 24 * mebibyte;

for (const line of lines) {
  test(`a client that does not read its answer is hung up on after a minute: ${line.name}`, async () => {
    const { clock, advance } = handTurnedClock();
    const { promise: served, resolve: serve } = Promise.withResolvers<void>();
    const handle = async () => {
      serve();
      return { status: 200, headers: {}, body: Buffer.alloc(large) };
    };
    const server = await listenTo(handle, [], clock);
    const { socket, answer } = await ask(server, line);
    answer.pause();
    await served;
    await settle();
    await advance(59_000);
    let taken = 0;
    answer.on('data', (bytes) => {
      taken += bytes.length;
    });
    answer.pause();
    await advance(2_000);
    answer.resume();
    await once(answer, 'close');
    assert.ok(taken < large, `${taken} bytes arrived`);
    socket.destroy();
    await server.close();
  });

  test(`a client that takes some of its answer every half minute has all of it: ${line.name}`, async () => {
    const { clock, advance } = handTurnedClock();
    const handle = async () => ({ status: 200, headers: {}, body: Buffer.alloc(large) });
    const server = await listenTo(handle, [], clock);
    const { socket, answer } = await ask(server, line);
    let taken = 0;
    let until = 0;
    answer.on('data', (bytes) => {
      taken += bytes.length;
      if (taken > until) answer.pause();
    });
    while (taken < large) {
      until = taken + 8 * mebibyte;
      answer.resume();
      while (!answer.isPaused() && taken < large) await new Promise(setImmediate);
      await settle();
      // An HTTP/2 session that is neither read nor written for 75 seconds is idle.
      await advance(30_000);
      assert.ok(!answer.destroyed || taken >= large);
    }
    socket.destroy();
    await server.close();
  });
}

/** Until nothing more happens between here and the kernel. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

test('a consumer that does not take an event for a minute is hung up on, and its source hears of it', async () => {
  const { clock, advance } = handTurnedClock();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  async function* events() {
    try {
      for (;;) yield Buffer.alloc(mebibyte);
    } finally {
      leave();
    }
  }
  const server = await listenTo(async () => ({ status: 200, headers: {}, body: events() }), [], clock);
  const { socket, answer } = await ask(server, lines[0]!);
  answer.pause();
  await settle();
  await advance(61_000);
  await left;
  socket.destroy();
  await server.close();
});

test('clients that read nothing do not take the memory of those that do', async () => {
  const { clock, advance } = handTurnedClock();
  const handle = async () => ({ status: 200, headers: {}, body: Buffer.alloc(large) });
  const server = await listenTo(handle, [], clock);
  const idle = await Promise.all([1, 2, 3].map(() => ask(server, lines[0]!)));
  for (const { answer } of idle) answer.pause();
  await settle();
  const request = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
  // Two of them fill 48 of the 64 MiB, and the third was refused as this one is.
  const reader = new RawClient(server).say(request);
  assert.match(await reader.hear('__type'), /^HTTP\/1\.1 503 [\s\S]*ServiceUnavailableException/);
  await advance(3_000);
  reader.say(request);
  await reader.hear(`Content-Length: ${large}`);
  for (const { socket } of [...idle, reader]) socket.destroy();
  await server.close();
});
