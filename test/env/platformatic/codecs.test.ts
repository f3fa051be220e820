import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from '@platformatic/kafka';
import { fetchAnswer, fetchRequest } from '../../../src/env/platformatic/fetch-codec.ts';
import { produceAnswers, produceRequest } from '../../../src/env/platformatic/produce-codec.ts';
import { WireReader } from '../../../src/env/platformatic/wire-reader.ts';
import { fetchedAt, producedAt } from './said.ts';

test('a fetch is written as the library writes it', () => {
  for (const [version, theirs] of [
    [11, library.fetchV11],
    [12, library.fetchV12],
  ] as const) {
    const named = [
      { topicId: 'a', partitions: [partitionOf(0, 7n, 100), partitionOf(3, 2n ** 40n + 5n, 200)] },
      { topicId: 'größer', partitions: [partitionOf(1, 0n, 300)] },
    ];
    const gone = [{ topic: 'b', topicId: 'b', partitions: [1, 2] }];
    const expected = theirs.createRequest(500, 1, 1000, 0, 12, 3, named, gone, 'az1').buffer;
    const actual = fetchRequest(version, {
      ...{ waitMs: 500, bytesMin: 1, bytesMax: 1000, rack: 'az1', session: { id: 12, epoch: 3 } },
      partitions: [
        { topic: 'a', partition: 0, from: 7, bytesMax: 100 },
        { topic: 'größer', partition: 1, from: 0, bytesMax: 300 },
        { topic: 'a', partition: 3, from: 2 ** 40 + 5, bytesMax: 200 },
      ],
      forgotten: [
        { topic: 'b', partition: 1 },
        { topic: 'b', partition: 2 },
      ],
    });
    assert.deepEqual(actual, expected);
  }
});

test('batches are in a produce as they were given, each behind its partition', () => {
  const bytes = [Buffer.alloc(300, 1), Buffer.alloc(5, 2), Buffer.alloc(2e5, 3)] as const;
  for (const version of [7, 8, 9, 10, 11]) {
    const parts = produceRequest(version, {
      timeoutMs: 1234,
      batches: [
        { topic: 'a', partition: 0, bytes: bytes[0] },
        { topic: 'b', partition: 9, bytes: bytes[1] },
        { topic: 'a', partition: 1, bytes: bytes[2] },
      ],
    });
    const reader = new WireReader(Buffer.concat(parts), version >= 9);
    assert.deepEqual([reader.string(), reader.int16(), reader.int32()], ['', -1, 1234]);
    const read = reader.array(() => {
      const topic = reader.string();
      const partitions = reader.array(() => {
        const partition = [reader.int32(), reader.bytes()];
        reader.end();
        return partition;
      });
      reader.end();
      return { topic, partitions };
    });
    reader.end();
    assert.throws(() => reader.int16(), RangeError, 'that is all');
    assert.deepEqual(read, [
      {
        topic: 'a',
        partitions: [
          [0, bytes[0]],
          [1, bytes[2]],
        ],
      },
      { topic: 'b', partitions: [[9, bytes[1]]] },
    ]);
    assert.ok(
      parts.some((part) => part === bytes[2]),
      'without a copy',
    );
  }
});

test('what a produce was answered is what the library reads, and nothing of it may be missing', () => {
  const codecs = [
    library.produceV7,
    library.produceV8,
    library.produceV9,
    library.produceV10,
    library.produceV11,
  ];
  for (const [index, theirs] of codecs.entries()) {
    const version = 7 + index;
    const bytes = producedAt(version, 2 ** 45 + 3);
    const { responses } = theirs.parseResponse(0, 0, version, library.Reader.from(bytes));
    const expected = responses.flatMap(({ name, partitionResponses }) =>
      partitionResponses.map((each) => ({
        ...{ topic: name, partition: each.index, error: each.errorCode },
        ...{ first: Number(each.baseOffset), appendedAt: Number(each.logAppendTimeMs) },
        start: Number(each.logStartOffset),
      })),
    );
    assert.deepEqual(produceAnswers(version, bytes), expected);
    assert.equal(expected[0]!.first, 2 ** 45 + 3);
    assert.deepEqual(produceAnswers(version, producedAt(version, 2 ** 45 + 3, [3, 9])), expected);
    // But for the last fields, which say how long the client is to wait.
    for (let length = 0; length < bytes.length - 6; length += 1) {
      assert.throws(() => produceAnswers(version, bytes.subarray(0, length)), RangeError);
    }
  }
});

test('what a fetch was answered is read with its batches as they are', () => {
  for (const version of [11, 12]) {
    const records = Buffer.alloc(200, 7);
    const bytes = fetchedAt(version, records);
    const { error, sessionId, partitions } = fetchAnswer(version, bytes);
    assert.deepEqual({ error, sessionId }, { error: 0, sessionId: 77 });
    const expected = {
      topic: 'a',
      partition: 4,
      error: 0,
      highWatermark: 900,
      start: 12,
      preferredReplica: 2,
    };
    assert.deepEqual(partitions, [
      { ...expected, bytes: Buffer.alloc(0) },
      { ...expected, bytes: records },
    ]);
    // Flexible versions end with three empty sets of tags.
    for (let length = 0; length < bytes.length - (version >= 12 ? 3 : 0); length += 1) {
      assert.throws(() => fetchAnswer(version, bytes.subarray(0, length)), RangeError);
    }
  }
});

function partitionOf(partition: number, fetchOffset: bigint, partitionMaxBytes: number) {
  const epochs = { currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
  return { partition, fetchOffset, partitionMaxBytes, ...epochs };
}
