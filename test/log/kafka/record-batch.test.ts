import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import '../../property-seed.ts';
import { crc32c, createRecordsBatch, Reader, readRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { encodeBatch, recordsOf } from '../../../src/kinesis/record.ts';
import { decryptBatches } from '../../../src/log/encryption.ts';
import {
  attribute,
  field,
  headBytes,
  lengthEnd,
  sequenceAfter,
  sign,
} from '../../../src/log/kafka/record-batch.ts';
import { decodeRecordBatches } from '../../../src/log/kafka/record-batch-reader.ts';
import { bytesIn, encodeRecordBatch } from '../../../src/log/kafka/record-batch-writer.ts';
import { DamagedError, NewerFormatError } from '../../../src/log/log.ts';
import {
  appendOf,
  drawnAppends,
  expected,
  place,
  renewedKeys,
  seen,
  storedBatch,
  topicPartition,
} from './appended.ts';

const producer = { id: 77n, epoch: 3, sequence: 1000 };
const time = 1_700_000_000_000;

const decode = (bytes: Buffer, from = 0) => decodeRecordBatches(bytes, { of: topicPartition, from }, crc32c);

/** As brokers store what was appended from an offset on. */
function stored(appended: Parameters<typeof encodeRecordBatch>[0], first = 0): Buffer {
  const bytes = storedBatch(appended, first, time);
  sign(bytes, producer, crc32c);
  return bytes;
}

test('what is appended is read again: records, boxes that can be opened, and nothing of marks', async () => {
  const keys = renewedKeys();
  await fc.assert(
    fc.asyncProperty(drawnAppends, fc.nat(), async (drawn, first) => {
      const appended = await Promise.all(drawn.map((one) => appendOf(one, keys)));
      const bytes = stored(appended, first);
      assert.ok(bytes.length <= headBytes + appended.reduce((sum, one) => sum + bytesIn(one), 0));
      const { batches, end } = decode(bytes, first);
      const count = drawn.reduce((sum, one) => sum + ('mark' in one ? 1 : one.records.length), 0);
      assert.equal(end, first + count);
      assert.ok(batches.every(({ arrival }) => arrival === time));
      assert.deepEqual(seen(await decryptBatches(batches, place, keys)), expected(drawn, first));
    }),
    { numRuns: 200 },
  );
});

test('the bytes are those of another client for the same records', async () => {
  const keys = renewedKeys();
  await fc.assert(
    fc.asyncProperty(drawnAppends, async (drawn) => {
      const appended = await Promise.all(drawn.map((one) => appendOf(one, keys)));
      const bytes = encodeRecordBatch(appended, time);
      sign(bytes, producer, crc32c);
      const { records, ...head } = readRecordsBatch(Reader.from(bytes));
      const messages = records.map(({ key, value, headers }) => ({
        topic: 'topic',
        ...(key === null ? {} : { key }),
        value: value!,
        headers: new Map(headers as [Buffer, Buffer][]),
        timestamp: BigInt(time),
      }));
      const theirs = createRecordsBatch(messages, { producerId: producer.id, producerEpoch: producer.epoch });
      assert.equal(head.producerId, producer.id);
      assert.equal(head.firstSequence, producer.sequence);
      const again = theirs.buffer;
      sign(again, producer, crc32c);
      assert.deepEqual(bytes, again);
    }),
    { numRuns: 100 },
  );
});

test('a flipped bit is found, here or where reading goes on, or changes nothing', async () => {
  const keys = renewedKeys();
  const records = [{ partitionKey: 'key', data: Buffer.from('data') }];
  const appended = await Promise.all([
    appendOf({ records, isEncrypted: false }, keys),
    appendOf({ records, isEncrypted: true }, keys),
    { mark: 'sealed' },
  ]);
  const first = stored(appended, 5);
  const bytes = Buffer.concat([first, stored(appended, 8)]);
  const right = decode(bytes, 5);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const byte = (bit >> 3) % first.length;
    // The leader's epoch is the broker's, and is not looked at.
    if (byte >= lengthEnd && byte < field.format) assert.deepEqual(decode(flipped, 5), right);
    else assert.throws(() => decodeAll(flipped, 5), DamagedError, `bit ${bit}`);
  }
});

test('what is cut off is read up to its last whole batch, unless that is none', () => {
  const bytes = Buffer.concat([stored([batch('a', 'b')], 10), stored([batch('c')], 12)]);
  const first = lengthEnd + bytes.readInt32BE(field.length);
  for (let end = 1; end < bytes.length; end++) {
    const cut = bytes.subarray(0, end);
    if (end < first)
      assert.throws(() => decode(cut, 10), /offset 10 of partition 7 of topic topic is cut off\.$/);
    else assert.deepEqual(texts(decode(cut, 10)), { texts: ['a', 'b'], end: 12 });
  }
  assert.deepEqual(texts(decode(bytes, 11)), { texts: ['a', 'b', 'c'], end: 13 });
  assert.deepEqual(texts(decode(Buffer.alloc(0), 11)), { texts: [], end: 11 });
});

test('batches that do not follow one another, or do not hold what was asked for, are damage', () => {
  const gap = Buffer.concat([stored([batch('a')], 10), stored([batch('b')], 12)]);
  assert.throws(() => decode(gap, 10), /offset 11 of partition 7 of topic topic begins at 12\.$/);
  for (const from of [9, 11]) assert.throws(() => decode(stored([batch('a')], 10), from), DamagedError);
});

test('records that another producer wrote are read as well as they can be', () => {
  const long = 'x'.repeat(257);
  const keys = [null, '', 'key', 'é'.repeat(256), long, 'é'.repeat(257), Buffer.from([0xff, 0xfe])];
  const read = ['none', 'none', 'key', 'é'.repeat(256), 'none', 'none', 'none'];
  const messages = keys.map((key, index) => ({
    topic: 'topic',
    ...(key === null ? {} : { key: Buffer.from(key) }),
    value: Buffer.from(`data ${index}`),
    headers: new Map([[Buffer.from('trace'), Buffer.from('1')]]),
    timestamp: BigInt(time + 3 * index),
  }));
  const attributesOf = { none: 0, gzip: 1, zstd: 4 };
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    const bytes = createRecordsBatch(messages, { compression }).buffer;
    assert.equal(bytes.readInt16BE(field.attributes), attributesOf[compression]);
    const { batches, end } = decode(bytes);
    assert.equal(end, keys.length);
    const records = batches.flatMap((one) => [...recordsOf(one)]);
    assert.deepEqual(
      records.map(({ partitionKey = 'none', data, arrival }) => [partitionKey, String(data), arrival]),
      read.map((key, index) => [key, `data ${index}`, time + 18]),
    );
  }
});

test('a value that is null is no data, and what a transaction leaves behind is a gap', () => {
  const bytes = createRecordsBatch([{ topic: 'topic', key: Buffer.from('key'), value: null! }]).buffer;
  const { batches } = decode(bytes);
  assert.deepEqual(
    [...recordsOf(batches[0]!)].map(({ data }) => data.length),
    [0],
  );
  bytes.writeInt16BE(attribute.control, field.attributes);
  sign(bytes, producer, crc32c);
  assert.deepEqual(decode(bytes), { batches: [], end: 1 });
});

test('what is compressed in another way, in another format, or to too much, is refused in one line', () => {
  const refused = (change: (bytes: Buffer) => void, message: RegExp, kind = DamagedError) => {
    const bytes = stored([batch('a')]);
    change(bytes);
    sign(bytes, producer, crc32c);
    assert.throws(
      () => decode(bytes),
      (error) => error instanceof kind && message.test(error.message),
    );
  };
  const name = 'The record batch at offset 0 of partition 7 of topic topic';
  refused(
    (bytes) => bytes.writeInt16BE(2, field.attributes),
    RegExp(`^${name} is compressed with snappy\\.$`),
  );
  refused((bytes) => bytes.writeInt16BE(3, field.attributes), RegExp(`^${name} is compressed with LZ4\\.$`));
  refused((bytes) => bytes.writeInt16BE(1, field.attributes), RegExp(`^${name} cannot be decompressed`));
  refused((bytes) => bytes.writeInt8(1, field.format), RegExp(`^${name} has format 1, which is older`));
  refused((bytes) => bytes.writeInt8(3, field.format), RegExp(`^${name} has format 3\\.$`), NewerFormatError);
  for (const compress of [gzipSync, zstdCompressSync]) {
    const compressed = compress(Buffer.alloc(65 * 1024 * 1024));
    const bomb = Buffer.concat([stored([batch('a')]).subarray(0, headBytes), compressed]);
    bomb.writeInt16BE(compress === gzipSync ? 1 : 4, field.attributes);
    bomb.writeInt32BE(bomb.length - lengthEnd, field.length);
    sign(bomb, producer, crc32c);
    assert.throws(() => decode(bomb), /cannot be decompressed to 67108864 bytes or less/);
  }
});

test('headers of ours that are not known are of a newer version, and a box without its key is as well', () => {
  const withHeaders = (headers: Record<string, string>) => {
    const entries = Object.entries(headers).map(
      ([name, value]) => [Buffer.from(name), Buffer.from(value)] as const,
    );
    return createRecordsBatch([{ topic: 'topic', value: Buffer.from('box'), headers: new Map(entries) }])
      .buffer;
  };
  for (const kind of ['later', 'box', 'box 0', 'box 1', 'box -1', '']) {
    assert.throws(() => decode(withHeaders({ millrace: kind })), NewerFormatError, kind);
  }
  const key = { 'millrace-key-arn': 'arn', 'millrace-wrapped-key': 'wrapped' };
  assert.equal(decode(withHeaders({ millrace: 'box 1', ...key })).batches.length, 1);
  assert.throws(() => decode(withHeaders({ millrace: 'box 2', ...key })), DamagedError);
  assert.deepEqual(texts(decode(withHeaders(key))).texts, ['box']);
});

test('a box that says a wrong number of records, or is of another shard, is not opened', async () => {
  const keys = renewedKeys();
  const records = ['a', 'b'].map((text) => ({ partitionKey: 'key', data: Buffer.from(text) }));
  const right = await appendOf({ records, isEncrypted: true }, keys);
  const { batches } = decode(stored([right]));
  assert.equal(seen(await decryptBatches(batches, place, keys)).length, 2);
  await assert.rejects(decryptBatches(batches, { ...place, shard: 4 }, keys), DamagedError);
  const { batches: wrong } = decode(stored(['count' in right ? { ...right, count: 3 } : right]));
  await assert.rejects(decryptBatches(wrong, place, keys), /records 0 to 2 of shard 3 .* are not as many/);
});

test('boxes of several keys are each opened with their own', async () => {
  const keys = renewedKeys();
  const draw = (text: string) => ({
    records: [{ partitionKey: 'k', data: Buffer.from(text) }],
    isEncrypted: true,
  });
  const first = await appendOf(draw('first'), keys);
  keys.renew();
  const appended = [first, await appendOf(draw('second'), keys), await appendOf(draw('third'), keys)];
  const opened = await decryptBatches(decode(stored(appended)).batches, place, keys);
  assert.deepEqual(texts({ batches: opened, end: 3 }).texts, ['first', 'second', 'third']);
  assert.equal(keys.opened, 2);
});

test('whatever the bytes are that have their checksum, they are read or they are damaged', () => {
  const bytes = stored([batch('a', 'b', 'c'), { mark: 'm' }, batch('d')]);
  const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const changed = Buffer.from(bytes);
      for (const [at, byte] of changes) changed[at] = byte;
      sign(changed, producer, crc32c);
      try {
        for (const one of decode(changed).batches) assert.equal([...recordsOf(one)].length, one.count);
      } catch (error) {
        assert.ok(error instanceof DamagedError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

test('sequences begin again behind the largest number', () => {
  assert.equal(sequenceAfter(5, 3), 8);
  assert.equal(sequenceAfter(2 ** 31 - 1, 1), 0);
  assert.equal(sequenceAfter(2 ** 31 - 3, 5), 2);
});

function batch(...data: string[]) {
  return encodeBatch(data.map((text) => ({ partitionKey: 'key', data: Buffer.from(text) })));
}

function texts({ batches, end }: ReturnType<typeof decode>): { texts: string[]; end: number } {
  return { texts: batches.flatMap((one) => [...recordsOf(one)].map(({ data }) => String(data))), end };
}

/** As a reader does that goes on behind what it has read. */
function decodeAll(bytes: Buffer, from: number): void {
  const { end } = decode(bytes, from);
  if (end === 8) decode(bytes.subarray(bytes.length / 2), end);
}
