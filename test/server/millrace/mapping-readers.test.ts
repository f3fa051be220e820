import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingReaders } from '../../../src/server/millrace/mapping-readers.ts';
import { MappingCalls } from '../../services/lambda/mapping-calls.ts';

const shard = (shardId: string, lag: number, doneRecords: number) => ({
  ...{ shardId, lag, doneRecords, behindRecords: 3, timeToLoss: undefined },
  ...{ lastResult: 'OK', recordsPerSecond: 1 },
});

test('a mapping is a reader of its stream, as far behind as its last shard, wherever that runs', async () => {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  calls.shards = [shard('shardId-000000000000', 200.4, 5)];
  calls.elsewhere.set(uuid, [shard('shardId-000000000001', 9_000, 1)]);
  await calls.giveUp(uuid, 'spoilt');
  const parts = {
    journal: calls.journal,
    sight: { shardsOf: () => calls.shards, problemOf: () => calls.problem },
    sightsElsewhere: async () => calls.elsewhere,
  };
  const { account, region } = calls.caller;
  const [found, ...others] = await mappingReaders(parts, { account, region }, calls.clock);
  assert.deepEqual(others, []);
  const { kind, name, id, state, lagMs, failures, shards } = found!.reader;
  assert.deepEqual(
    [found!.stream, kind, name, id, state, lagMs, failures],
    ['orders', 'mapping', 'resize', uuid, 'Enabled', 9_000, 1],
  );
  assert.deepEqual(
    shards.map(({ shardId, lagMs, recordsBehind }) => [shardId, lagMs, recordsBehind]),
    [
      ['shardId-000000000000', 200, 3],
      ['shardId-000000000001', 9_000, 3],
    ],
  );
  assert.deepEqual(await mappingReaders(parts, { account, region: 'eu-west-1' }, calls.clock), []);
});
