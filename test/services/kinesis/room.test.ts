import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../src/kinesis/limits.ts';
import { widthOnKafka } from './engine-under-test.ts';
import { Harness } from './harness.ts';

const { shardsMax } = limits.server;
const most = 2 ** 31 - 1;

function refusal(has: number, more: number) {
  return {
    status: 400,
    body: {
      __type: 'LimitExceededException',
      message:
        `This server has room for ${shardsMax} shards, closed ones included until they expire. ` +
        `It has ${has}, and this request may add ${more}.`,
    },
  };
}

test('no request gets more shards than a server has room for, whatever the limits', async () => {
  for (const limits of ['aws', 'none'] as const) {
    await using server = await Harness.start({ limits });
    await server.createStream('orders');
    const create = (ShardCount: number) => server.answer('CreateStream', { StreamName: 'huge', ShardCount });
    const scale = (TargetShardCount: number) =>
      server.answer('UpdateShardCount', {
        StreamName: 'orders',
        TargetShardCount,
        ScalingType: 'UNIFORM_SCALING',
      });
    if (limits === 'none') {
      assert.deepEqual(await create(most), refusal(1, most));
      assert.deepEqual(await create(shardsMax), refusal(1, shardsMax));
      assert.deepEqual(await scale(most), refusal(1, 2 * (most - 1)));
      assert.deepEqual(await scale(shardsMax), refusal(1, 2 * (shardsMax - 1)));
    }
    for (const answer of [await create(most), await scale(most)]) {
      assert.equal((answer.body as { __type: string }).__type, 'LimitExceededException');
    }
    await server.clock.advance(1000);
    const { StreamNames } = await server.call<{ StreamNames: string[] }>('ListStreams');
    assert.deepEqual(StreamNames, ['orders']);
    const { StreamDescriptionSummary } = await server.call<{ StreamDescriptionSummary: object }>(
      'DescribeStreamSummary',
      { StreamName: 'orders' },
    );
    assert.partialDeepStrictEqual(StreamDescriptionSummary, { StreamStatus: 'ACTIVE', OpenShardCount: 1 });
  }
});

test('a stream is not kept warm for what there is no room for', { skip: widthOnKafka }, async () => {
  await using server = await Harness.start({ limits: 'none' });
  await server.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  await server.call('CreateStream', { StreamName: 'orders' });
  await server.createStream('logs', 4);
  // It is there in part: its room is taken.
  await server.call('CreateStream', { StreamName: 'others', ShardCount: shardsMax - 10 });
  const refused = refusal(shardsMax - 2, 2 * 999 + 3);
  const warm = { StreamName: 'orders', WarmThroughputMiBps: 1000 };
  assert.deepEqual(await server.answer('UpdateStreamWarmThroughput', warm), refused);
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/logs';
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' };
  const onDemand = { StreamARN, StreamModeDetails, WarmThroughputMiBps: 1000 };
  assert.deepEqual(await server.answer('UpdateStreamMode', onDemand), refused);
  assert.deepEqual(
    await server.answer('CreateStream', { StreamName: 'more', WarmThroughputMiBps: 1000 }),
    refusal(shardsMax - 2, 1000),
  );
});
