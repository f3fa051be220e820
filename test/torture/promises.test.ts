import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShardView } from '../../harness/model.ts';
import { Promises } from '../../torture/promises.ts';

const done = { kind: 'output', output: {} } as const;
const silence = { kind: 'silence' } as const;
const orders = { StreamName: 'orders' };

function promisesAfter(
  ...calls: [operation: string, input: object, answer?: typeof done | typeof silence][]
) {
  const promises = new Promises();
  for (const [operation, input, answer = done] of calls) {
    promises.sent(operation, input);
    promises.answered(operation, input, answer);
  }
  return promises;
}

function shard(id: string, ending?: bigint): ShardView {
  return { id, parents: [], first: 0n, last: 1n, starting: 1n, ending };
}

test('a stream whose creation was acknowledged must exist', () => {
  const promises = promisesAfter(['CreateStream', orders]);
  assert.equal([...promises.checkStatus('orders', 'GONE')].length, 1);
  assert.deepEqual([...promises.checkStatus('orders', 'CREATING')], []);
});

test('a stream whose deletion was acknowledged must be going', () => {
  const promises = promisesAfter(['CreateStream', orders], ['DeleteStream', orders]);
  assert.equal([...promises.checkStatus('orders', 'ACTIVE')].length, 1);
  assert.deepEqual([...promises.checkStatus('orders', 'DELETING')], []);
});

test('a deletion without an answer leaves everything open', () => {
  const promises = promisesAfter(['CreateStream', orders], ['DeleteStream', orders, silence]);
  for (const status of ['ACTIVE', 'DELETING', 'GONE'] as const) {
    assert.deepEqual([...promises.checkStatus('orders', status)], []);
  }
});

test('a shard whose split was acknowledged must be closed', () => {
  const promises = promisesAfter(
    ['CreateStream', orders],
    ['SplitShard', { ...orders, ShardToSplit: 'one' }],
  );
  assert.equal([...promises.checkShards('orders', [shard('one')])].length, 1);
  assert.deepEqual([...promises.checkShards('orders', [shard('one', 9n), shard('two')])], []);
});

test('a scaling that was acknowledged counts until another reshard is asked for', () => {
  const scale = ['UpdateShardCount', { ...orders, TargetShardCount: 2 }] as const;
  const promises = promisesAfter(['CreateStream', orders], [...scale]);
  assert.equal([...promises.checkShards('orders', [shard('one')])].length, 1);
  promises.sent('SplitShard', { ...orders, ShardToSplit: 'one' });
  assert.deepEqual([...promises.checkShards('orders', [shard('one')])], []);
});
