import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import { BatchedPort, type Message } from '../../src/gateway/batched-port.ts';

/** A sender, and the messages that arrive at the other end of its port. */
function sending() {
  const [port, other] = nodeWorkers.channel<readonly Message[], readonly Message[]>();
  const sender = new BatchedPort(port, nodeClock, () => {});
  const next = () => new Promise<readonly Message[]>((resolve) => other.listen(resolve));
  return { sender, next, [Symbol.dispose]: () => sender.close() };
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes!).toString();
}

test('what is sent in one turn arrives as one message, in order', async () => {
  using post = sending();
  for (let number = 1; number <= 3; number++) post.sender.send(number, 'count', number * 10);
  assert.deepEqual(
    (await post.next()).map(([number, subject, body]) => [number, subject, body]),
    [
      [1, 'count', 10],
      [2, 'count', 20],
      [3, 'count', 30],
    ],
  );
});

test('bytes that lie among others arrive alone, and their memory stays with the sender', async () => {
  using post = sending();
  const memory = Buffer.from('-one--two-');
  post.sender.send(1, 'bytes', undefined, memory.subarray(1, 4), true);
  post.sender.send(2, 'bytes', undefined, memory.subarray(6, 9), true);
  const messages = await post.next();
  assert.deepEqual(
    messages.map(([, , , bytes]) => textOf(bytes)),
    ['one', 'two'],
  );
  assert.equal(messages[0]![3]!.buffer.byteLength, 6);
  assert.equal(memory.toString(), '-one--two-');
});

test('final bytes that lie among others leave their memory whole', async () => {
  using post = sending();
  const memory = Buffer.from(new TextEncoder().encode('-one--two-').buffer);
  post.sender.send(1, 'bytes', undefined, memory.subarray(1, 4), true);
  assert.equal(textOf((await post.next())[0]![3]), 'one');
  assert.equal(memory.toString(), '-one--two-');
});

test('final bytes that fill their memory change hands', async () => {
  using post = sending();
  const bytes = Buffer.from(new TextEncoder().encode('all of it').buffer);
  post.sender.send(1, 'bytes', undefined, bytes, true);
  assert.equal(textOf((await post.next())[0]![3]), 'all of it');
  assert.equal(bytes.length, 0);
});

test('bytes that are not final are copied', async () => {
  using post = sending();
  const bytes = Buffer.from(new TextEncoder().encode('kept').buffer);
  post.sender.send(1, 'bytes', undefined, bytes);
  assert.equal(textOf((await post.next())[0]![3]), 'kept');
  assert.equal(bytes.toString(), 'kept');
});

test('final bytes that fill their memory together change hands together', async () => {
  using post = sending();
  const memory = Buffer.from(new TextEncoder().encode('onetwo').buffer);
  post.sender.send(1, 'bytes', undefined, memory.subarray(0, 3), true);
  post.sender.send(2, 'bytes', undefined, memory.subarray(3), true);
  const [one, two] = await post.next();
  assert.deepEqual([textOf(one![3]), textOf(two![3])], ['one', 'two']);
  assert.equal(one![3]!.buffer, two![3]!.buffer);
  assert.equal(memory.length, 0);
});

test('memory of a pool stays, also when all of it is sent', async () => {
  using post = sending();
  const pooled = Buffer.from('pooled');
  const whole = Buffer.from(pooled.buffer);
  post.sender.send(1, 'bytes', undefined, whole, true);
  assert.equal((await post.next())[0]![3]!.length, whole.length);
  assert.equal(pooled.toString(), 'pooled');
});

test('the same final bytes, sent twice, arrive twice', async () => {
  using post = sending();
  const bytes = Buffer.from(new TextEncoder().encode('twice').buffer);
  post.sender.send(1, 'bytes', undefined, bytes, true);
  post.sender.send(2, 'bytes', undefined, bytes, true);
  assert.deepEqual(
    (await post.next()).map(([, , , arrived]) => textOf(arrived)),
    ['twice', 'twice'],
  );
});

test('no bytes and zero bytes are told apart', async () => {
  using post = sending();
  post.sender.send(1, 'bytes', undefined);
  post.sender.send(2, 'bytes', undefined, Buffer.alloc(0), true);
  const [none, zero] = await post.next();
  assert.equal(none![3], undefined);
  assert.equal(zero![3]!.length, 0);
});

test('what was sent before the end still arrives', async () => {
  const post = sending();
  post.sender.send(1, 'last', undefined);
  post.sender.close();
  assert.equal((await post.next())[0]![1], 'last');
});

test('what is sent after the end is dropped, and does no harm', async () => {
  const [port, other] = nodeWorkers.channel<readonly Message[], readonly Message[]>();
  const sender = new BatchedPort(port, nodeClock, () => {});
  const arrived: unknown[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  other.listen((messages) => arrived.push(...messages.map(([, subject]) => subject)), resolve);
  sender.send(1, 'in time', undefined);
  sender.close();
  sender.send(2, 'late', undefined);
  await closed;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(arrived, ['in time']);
});
