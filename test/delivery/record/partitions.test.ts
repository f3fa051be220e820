import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOf } from '../../../src/delivery/names/object-names.ts';
import { openPartitions } from '../../../src/delivery/record/partitions.ts';
import { recordsOf } from './some-records.ts';

const now = 1_700_000_999_000;

function partitionsBy(prefix: string, activeMax: number) {
  return openPartitions(namesOf({ kind: 'firehose', prefix, extension: undefined, timeZone: 'UTC' }), {
    activeMax,
    canBeNamed: () => true,
  });
}

function keyed(...all: readonly (readonly [id: string, fromFunction?: string])[]) {
  return recordsOf(all.map(() => 'x')).map((record, index) => {
    const [id, fromFunction] = all[index]!;
    return {
      ...record,
      queryKeys: { id },
      partitionKeys: fromFunction === undefined ? undefined : { id: fromFunction },
    };
  });
}

test('records of the same keys are of one partition, in their order', () => {
  const { group } = partitionsBy('!{partitionKeyFromQuery:id}/!{partitionKeyFromLambda:id}/', 500);
  const { partitions, refused } = group(keyed(['a', 'b'], ['ab', 'b'], ['a', 'b'], ['a', 'bb'], ['a']), now);
  assert.deepEqual(
    partitions.map(({ records }) => records.map(({ from }) => from.offset)),
    [[0, 2], [1], [3]],
  );
  assert.deepEqual(
    refused.map(({ record, message }) => [record.from.offset, message]),
    [[4, 'partitionKeys values must not be null or empty']],
  );
});

test('a partition more than there may be is refused; those that there are go on', () => {
  const { group } = partitionsBy('!{partitionKeyFromQuery:id}/', 2);
  group(keyed(['a']), now);
  const { partitions, refused } = group(keyed(['b'], ['c'], ['a'], ['d'], ['b']), now);
  assert.deepEqual(
    partitions.map(({ records }) => records.length),
    [2, 1],
  );
  assert.deepEqual(
    refused.map(({ kind, message }) => `${kind}: ${message}`),
    Array(2).fill(
      'dynamic-partitioning-failed: The number of active partitions has exceeded the configured limit',
    ),
  );
});

test('keys that make a prefix longer than there may be one are refused', () => {
  const { group } = partitionsBy('!{partitionKeyFromQuery:id}/!{partitionKeyFromQuery:id}/', 500);
  const { partitions, refused } = group(keyed(['é'.repeat(127)], ['é'.repeat(128)], ['constructor']), now);
  assert.equal(partitions.length, 2);
  assert.deepEqual(
    refused.map(({ record }) => record.from.offset),
    [1],
  );
});

test('without keys in the prefix there is one partition of all', () => {
  const records = recordsOf(['a', 'b']);
  assert.deepEqual(partitionsBy('!{timestamp:yyyy}/', 1).group(records, now), {
    partitions: [{ id: '', records }],
    refused: [],
  });
});
