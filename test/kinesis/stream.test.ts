import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { findShard, trimHorizon } from '../../src/kinesis/stream.ts';
import { sampleStream, sampleTime } from './sample.ts';

const hour = 3_600_000;

test('a shard is found by its index, and only one that is there', () => {
  const range = { first: 0n, last: hashKeyMax };
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50)), (indices) => {
      const shards = indices
        .sort((a, b) => a - b)
        .map((index) => ({ index, parents: [], range, createdAt: sampleTime }));
      const stream = sampleStream(0, { shards });
      for (let index = -1; index <= 51; index++) {
        assert.equal(
          findShard(stream, index),
          shards.find((shard) => shard.index === index),
        );
      }
    }),
  );
});

test('the horizon lies the retention back', () => {
  assert.equal(trimHorizon(sampleStream(1), 100 * hour), 76 * hour);
});

test('what was once trimmed stays so, however long the retention becomes', () => {
  const stream = sampleStream(1, { retentionHours: 8760, trimmedBefore: 90 * hour });
  assert.equal(trimHorizon(stream, 100 * hour), 90 * hour);
});
