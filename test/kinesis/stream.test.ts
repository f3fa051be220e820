import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { findShard, type Stream, trimHorizon } from '../../src/kinesis/stream.ts';

const hour = 3_600_000;

function streamWith(indices: readonly number[]): Stream {
  return {
    account: '000000000000',
    region: 'us-east-1',
    name: 's',
    id: '1',
    status: 'ACTIVE',
    createdAt: 0,
    mode: 'PROVISIONED',
    retentionHours: 24,
    trimmedBefore: 0,
    recordSizeMaxKiB: 1024,
    tags: [],
    shards: indices.map((index) => ({
      index,
      parents: [],
      range: { first: 0n, last: hashKeyMax },
      createdAt: 0,
    })),
    nextShard: 1000,
  };
}

test('a shard is found by its index, and only one that is there', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50)), (indices) => {
      const stream = streamWith(indices.sort((a, b) => a - b));
      for (let index = -1; index <= 51; index++) {
        assert.equal(
          findShard(stream, index)?.index,
          indices.find((candidate) => candidate === index),
        );
      }
    }),
  );
});

test('the horizon lies the retention back', () => {
  assert.equal(trimHorizon(streamWith([]), 100 * hour), 76 * hour);
});

test('what was once trimmed stays so, however long the retention becomes', () => {
  const stream = { ...streamWith([]), retentionHours: 8760, trimmedBefore: 90 * hour };
  assert.equal(trimHorizon(stream, 100 * hour), 90 * hour);
});
