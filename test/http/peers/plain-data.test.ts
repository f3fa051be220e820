import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader, framePieces } from '../../../src/http/peers/frame-reader.ts';
import { plainValue } from '../../../src/http/peers/plain-reader.ts';
import { plainPieces, sharedBytesMin } from '../../../src/http/peers/plain-writer.ts';

const scalar = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constantFrom(null, undefined, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 53 - 1),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.float64Array({ noNaN: true, maxLength: 70 }),
);
const name = fc.string().filter((text) => text !== '__proto__');
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(name, tie('value'), { maxKeys: 8, noNullPrototype: true }),
  ),
})).value;

const read = (value: unknown) => plainValue(Buffer.concat(plainPieces(value)));

test('plain data comes back as it was', () => {
  fc.assert(
    fc.property(plain, (value) => assert.deepEqual(read(value), value)),
    { numRuns: 300 },
  );
});

test('messages come back whole from pieces of any size', () => {
  const pieceBytes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 5 }), pieceBytes, (messages, sizes) => {
      const bytes = Buffer.concat(messages.flatMap((message) => framePieces(message).pieces));
      const reader = new FrameReader();
      const received: unknown[] = [];
      for (let at = 0, nth = 0; at < bytes.length; nth++) {
        const size = sizes[nth % sizes.length]!;
        reader.read(bytes.subarray(at, at + size), (message) => received.push(message));
        at += size;
      }
      assert.deepEqual(received, messages);
    }),
    { numRuns: 100 },
  );
});

test('many bytes are sent from where they are', () => {
  const bytes = Buffer.alloc(sharedBytesMin, 7);
  const piece = plainPieces([1, bytes, 2]).find(({ buffer }) => buffer === bytes.buffer);
  assert.equal(piece?.byteOffset, bytes.byteOffset);
});

test('what is no plain data is refused before anything is sent', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const value of [1n, () => 1, Symbol('x'), new Map(), new Date(), circle]) {
    assert.throws(() => plainPieces({ value }), TypeError);
  }
});

test('bytes that nobody wrote are refused, and cost no more than they are long', () => {
  const hostile = [
    '9b00000000ffffffff', // A list of 2^32 items.
    'bb0000000100000000', // An object of as many members.
    '7affffffff', // A text of 4 GiB.
    '5b0020000000000000', // More bytes than a number can say.
    'c11a00000000', // A date.
    'd8564103', // Doubles of three bytes.
    'a1695f5f70726f746f5f5f00', // A member named __proto__.
    'a10000', // A member that is a number.
    'f8ff',
    '5f',
    '0000',
    '',
  ];
  for (const hex of hostile) assert.throws(() => plainValue(Buffer.from(hex, 'hex')), TypeError, hex);
  assert.throws(() => plainValue(Buffer.alloc(10_000, 0x81)), TypeError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        plainValue(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof TypeError);
      }
    }),
    { numRuns: 300 },
  );
});

test('a message that is too long is refused by its length', () => {
  const reader = new FrameReader();
  const head = Buffer.from('04000001', 'hex');
  assert.throws(() => reader.read(head, () => {}), RangeError);
});
