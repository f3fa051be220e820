import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  advanceNumber,
  endingSequenceNumber,
  offsetOf,
  parseSequenceNumber,
  sequenceNumberOf,
  startingSequenceNumber,
} from '../../src/kinesis/sequence-number.ts';
import { formatShardId } from '../../src/kinesis/shard-id.ts';

// A number that AWS issued for shardId-000000003076, from a public pull request of the Flink connector.
const issued = '49674026002850188218576229259473476449429298564223254594';
const issuedParts = {
  version: 2,
  shardIndex: 3076,
  createdSecond: 0x69efbd45,
  counter: 0x50ccb9d26n,
  arrivalSecond: 0x69efc052,
} as const;

const shard = { index: 3, createdAt: 1_700_000_000_000 };

/** A number of version 2 with any of its fields set by hand; `two` is the leading digit. */
function compose({
  two = 2n,
  created = 1_700_000_000n,
  nibble = 3n,
  counter = 1n,
  second = 1_700_000_000n,
  index = 3n,
  version = 2n,
}): string {
  return String(
    (two << 184n) |
      (created << 148n) |
      (nibble << 144n) |
      (counter << 80n) |
      (second << 36n) |
      (index << 4n) |
      version,
  );
}

test('a number that AWS issued is taken apart as AWS put it together', () => {
  assert.deepEqual(parseSequenceNumber(issued), issuedParts);
});

test('the same parts make the same number', () => {
  const created = { index: 3076, createdAt: issuedParts.createdSecond * 1000 };
  const offset = Number(issuedParts.counter) - 1;
  assert.equal(sequenceNumberOf(created, offset, issuedParts.arrivalSecond * 1000 + 999), issued);
});

test('what is rendered is 56 digits and parses to what was rendered', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x7fff_ffff }),
      fc.integer({ min: 0, max: 16_025_174_999 }),
      fc.maxSafeNat(),
      fc.integer({ min: 0, max: 1_000_000 }),
      (index, createdSecond, offset, age) => {
        const text = sequenceNumberOf(
          { index, createdAt: createdSecond * 1000 },
          offset,
          (createdSecond + age) * 1000,
        );
        const parsed = parseSequenceNumber(text)!;
        assert.equal(text.length, 56);
        assert.deepEqual(parsed, {
          version: 2,
          shardIndex: index,
          createdSecond,
          counter: BigInt(offset) + 1n,
          arrivalSecond: createdSecond + age,
        });
        assert.equal(offsetOf(parsed), Number(BigInt(offset) + 1n) - 1);
      },
    ),
  );
});

test('numbers rise with the offset, whatever the clock does', () => {
  const later = sequenceNumberOf(shard, 7, shard.createdAt + 86_400_000);
  const next = sequenceNumberOf(shard, 8, shard.createdAt);
  assert.ok(BigInt(later) < BigInt(next));
});

test('every record lies between the first and the last number of its shard', () => {
  const first = BigInt(startingSequenceNumber(shard));
  const last = BigInt(endingSequenceNumber(shard, shard.createdAt));
  for (const offset of [0, 1, Number.MAX_SAFE_INTEGER]) {
    const number = BigInt(sequenceNumberOf(shard, offset, shard.createdAt));
    assert.ok(first < number && number < last);
  }
});

test('a record that arrives before its shard began carries the second in which it began', () => {
  const parsed = parseSequenceNumber(sequenceNumberOf(shard, 0, shard.createdAt - 400))!;
  assert.equal(parsed.arrivalSecond, shard.createdAt / 1000);
});

test("a shard's first number stands before its first record, its last one after all", () => {
  assert.equal(offsetOf(parseSequenceNumber(startingSequenceNumber(shard))!), -1);
  assert.equal(offsetOf(parseSequenceNumber(endingSequenceNumber(shard, shard.createdAt))!), Infinity);
});

test('the boundaries of what AWS takes for a number', () => {
  const valid = [
    compose({ version: 1n }),
    compose({ counter: 0x7fff_ffff_ffff_ffffn }),
    compose({ created: 16_025_174_999n }),
    compose({ two: 2n, created: 0n, nibble: 0n, counter: 0n, second: 0n, index: 1n }),
  ];
  const invalid = [
    compose({ version: 0n }),
    compose({ version: 3n }),
    compose({ version: 15n }),
    compose({ counter: 0x8000_0000_0000_0000n }),
    compose({ created: 16_025_175_000n }),
    compose({ two: 3n }),
    '9'.repeat(129),
  ];
  for (const text of valid) assert.notEqual(parseSequenceNumber(text), undefined, text);
  for (const text of invalid) assert.equal(parseSequenceNumber(text), undefined, text);
});

test('a small number is of version 0 and still names a shard', () => {
  assert.equal(parseSequenceNumber('0')?.version, 0);
  assert.equal(formatShardId(parseSequenceNumber('5')!.shardIndex), 'shardId-000000000005');
});

// As recorded from AWS by kinesalite's tests of GetShardIterator.
test('version 0 has the bounds of the newer ones, and an end', () => {
  const newest = 0x13bb_2cc3_d7ff_7fff_ffff_ffff_ffff_0000n;
  assert.deepEqual(parseSequenceNumber(String(newest)), {
    version: 0,
    shardIndex: 0,
    createdSecond: 16_025_174_999,
    counter: 0n,
    arrivalSecond: 0,
  });
  const tooLate = 0x13bb_2cc3_d800_0000_0000_0000_0000_0000n;
  for (const number of [tooLate, 2n ** 129n, 2n ** 160n, 2n ** 185n]) {
    assert.equal(parseSequenceNumber(String(number)), undefined, String(number));
  }
});

test('an index with its top bit set is negative', () => {
  const parsed = parseSequenceNumber(compose({ index: 0x8000_0000n }))!;
  assert.equal(formatShardId(parsed.shardIndex), 'shardId--02147483648');
});

test('a number that is advanced digit by digit is the one rendered by itself', () => {
  const shard = { index: 0x7fff_fff7, createdAt: 1_700_000_000_000 };
  const arrival = shard.createdAt + 3_600_000;
  for (const first of [0, 999, 2 ** 32, 2 ** 40 + 12345, 2 ** 53 - 6000]) {
    const text = Buffer.from(`"${sequenceNumberOf(shard, first, arrival)}"`);
    for (let offset = first; offset < first + 5000; offset++) {
      assert.equal(text.toString(), `"${sequenceNumberOf(shard, offset, arrival)}"`);
      advanceNumber(text, 57);
    }
  }
});
