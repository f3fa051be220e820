import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BodyBudget,
  bodyBytesMax,
  budgetBytes,
  IncomingBody,
  onePieceBytes,
  strangersBytes,
} from '../../src/http/body.ts';
import { collectedBytes, MinorGc } from '../../src/http/minor-gc.ts';

const head = { method: 'POST', target: '/', rawHeaders: [] };

function budgetOf(free: number) {
  const memory = new Int32Array([free]);
  return { budget: new BodyBudget(memory), free: () => memory[0]! };
}

const toAll = { recognize: () => true };
const toNobody = { recognize: () => false };

test('what a piece is copied from counts as garbage, as a whole and once for all its pieces', () => {
  let collections = 0;
  const garbage = new MinorGc(() => collections++);
  const budget = new BodyBudget(new Int32Array([budgetBytes]), garbage);
  const body = new IncomingBody({ budget, ...toNobody }, head, undefined);
  const seen: number[] = [];
  for (let packet = 1; packet <= 16; packet++) {
    const bytes = Buffer.alloc(collectedBytes / 16);
    for (const at of [0, 1, 2]) body.add(bytes.subarray(at, at + 1));
    seen.push(collections);
  }
  assert.deepEqual(seen, [...Array(15).fill(0), 1]);
});

for (const [length, declared] of [
  ['a length', 200_000],
  ['no length', undefined],
] as const) {
  test(`a body in small pieces with ${length} takes at most twice its bytes, and its bytes of the budget`, () => {
    const { budget, free } = budgetOf(budgetBytes);
    const body = new IncomingBody({ budget, ...toNobody }, head, declared);
    for (let sent = 0; sent < 200_000; sent += 20) {
      assert.equal(body.add(Buffer.alloc(20, sent)), undefined);
      assert.ok(body.whole().buffer.byteLength <= 2 * (sent + 20));
      assert.equal(free(), budgetBytes - (sent + 20));
    }
    assert.equal(body.whole().length, 200_000);
    for (let at = 0; at < 200_000; at += 20) assert.equal(body.whole()[at + 19], at % 256);
    body.release();
    assert.equal(free(), budgetBytes);
  });
}

test('a known client has memory for the rest of the body with the first piece, and pays for what came', () => {
  const { budget, free } = budgetOf(budgetBytes);
  const body = new IncomingBody({ budget, ...toAll }, head, 700_000);
  body.add(Buffer.alloc(60_000));
  assert.equal(body.whole().buffer.byteLength, 700_000);
  assert.equal(free(), budgetBytes - 60_000);
});

test('a promise costs nothing', () => {
  const { budget, free } = budgetOf(budgetBytes);
  const bodies = Array.from({ length: 1_000 }, () => {
    return new IncomingBody({ budget, ...toAll }, head, bodyBytesMax);
  });
  for (const body of bodies) assert.equal(body.add(Buffer.alloc(1)), undefined);
  assert.equal(free(), budgetBytes - 1_000);
  assert.ok(bodies.every((body) => body.whole().buffer.byteLength <= 16));
});

test('strangers leave most of the budget alone, and known clients leave some to bodies of one piece', () => {
  const { budget, free } = budgetOf(budgetBytes - strangersBytes + 100);
  const stranger = new IncomingBody({ budget, ...toNobody }, head, 1_000);
  assert.equal(stranger.add(Buffer.alloc(100)), undefined);
  assert.equal(stranger.add(Buffer.alloc(1)), 'overloaded');

  assert.ok(budget.take(free() - onePieceBytes - 100, 0));
  const known = new IncomingBody({ budget, ...toAll }, head, 1_000);
  assert.equal(known.add(Buffer.alloc(100)), undefined);
  assert.equal(known.add(Buffer.alloc(1)), 'overloaded');

  const small = new IncomingBody({ budget, ...toNobody }, head, 1_000);
  assert.equal(small.add(Buffer.alloc(1_000)), undefined);
  assert.equal(free(), onePieceBytes - 1_000);
});

test('a body that comes in one piece does not ask who sends it', () => {
  const { budget } = budgetOf(budgetBytes);
  const recognize = () => assert.fail('asked');
  const body = new IncomingBody({ budget, recognize }, head, 3);
  assert.equal(body.add(Buffer.alloc(0)), undefined);
  const piece = Buffer.from('abc');
  assert.equal(body.add(piece), undefined);
  assert.equal(body.whole(), piece);
});

test('a body may begin in pieces of one byte, but not go on with them', () => {
  const { budget } = budgetOf(budgetBytes);
  const body = new IncomingBody({ budget, ...toAll }, head, undefined);
  for (let piece = 0; piece < 256; piece++) assert.equal(body.add(Buffer.alloc(1)), undefined);
  assert.equal(body.add(Buffer.alloc(1)), 'too many pieces');

  const coarse = new IncomingBody({ budget, ...toAll }, head, undefined);
  for (let piece = 0; piece < 10_000; piece++) assert.equal(coarse.add(Buffer.alloc(16)), undefined);
});

test('a body is late when it brings less than 500 bytes a second, or takes a minute', () => {
  const { budget } = budgetOf(budgetBytes);
  const body = new IncomingBody({ budget, ...toAll }, head, undefined);
  for (let look = 1; look < 6; look++) {
    body.add(Buffer.alloc(5_000));
    assert.equal(body.isLate(), false);
  }
  body.add(Buffer.alloc(5_000));
  assert.equal(body.isLate(), true);

  const slow = new IncomingBody({ budget, ...toAll }, head, undefined);
  slow.add(Buffer.alloc(4_999));
  assert.equal(slow.isLate(), true);
});
