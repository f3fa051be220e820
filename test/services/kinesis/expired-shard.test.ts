import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from './harness.ts';

test('a closed shard is gone for all operations the moment it expires, before anything was cleared away', async () => {
  await using server = await Harness.start({ limits: 'none' });
  await server.createStream('s');
  await server.call('SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '10' });
  await server.clock.advance(100);
  const shards = async () => {
    type Described = { StreamDescription: { Shards: { ShardId: string }[] } };
    type Listed = Described['StreamDescription'];
    const described = await server.call<Described>('DescribeStream', { StreamName: 's' });
    const listed = await server.call<Listed>('ListShards', { StreamName: 's' });
    return [described.StreamDescription, listed].map(({ Shards }) =>
      Shards.map(({ ShardId }) => Number(ShardId.slice(-1))),
    );
  };
  const from = { StreamName: 's', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  // The wall clock jumps, and no sleeper is woken.
  server.clock.jump(24 * 3_600_000);
  assert.deepEqual(await shards(), [
    [0, 1, 2],
    [0, 1, 2],
  ]);
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', from);
  server.clock.jump(1000);
  assert.deepEqual(await shards(), [
    [1, 2],
    [1, 2],
  ]);
  const missing = {
    status: 400,
    body: {
      __type: 'ResourceNotFoundException',
      message: 'Shard shardId-000000000000 in stream s under account 000000000000 does not exist',
    },
  };
  assert.deepEqual(await server.answer('GetShardIterator', from), missing);
  assert.deepEqual(await server.answer('GetRecords', { ShardIterator }), missing);
});
