import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListStreamSightsAnswer } from '../../../src/services/millrace/sights.ts';
import { Harness } from '../kinesis/harness.ts';
import { look, looked } from './millrace-calls.ts';

test('streams are shown by name, a page at a time, without those of other regions', async () => {
  await using harness = await Harness.start();
  for (const StreamName of ['orders', 'clicks', 'bills']) {
    await harness.call('CreateStream', { StreamName, ShardCount: 2, Tags: { team: 'a' } });
  }
  await harness.clock.advance(100);
  harness.region = 'eu-west-1';
  await harness.call('CreateStream', { StreamName: 'elsewhere', ShardCount: 1 });
  harness.region = 'us-east-1';
  const first = await look<ListStreamSightsAnswer>(harness, 'ListStreamSights', { Limit: 2 });
  assert.deepEqual(
    first.Streams.map(({ Name }) => Name),
    ['bills', 'clicks'],
  );
  const { NextToken } = first;
  const second = await look<ListStreamSightsAnswer>(harness, 'ListStreamSights', { NextToken });
  assert.deepEqual(
    second.Streams.map(({ Name }) => Name),
    ['orders'],
  );
  assert.equal(second.NextToken, undefined);
  const { Arn, OpenShards, ClosedShards, Tags, Mode, RetentionHours, Counts } = second.Streams[0]!;
  assert.deepEqual(
    [Arn.split(':').at(-1), OpenShards, ClosedShards, Tags, Mode, RetentionHours, Counts.RecordsIn],
    ['stream/orders', 2, 0, { team: 'a' }, 'PROVISIONED', 24, 0],
  );
});

test('a NextToken that was made up is refused', async () => {
  await using harness = await Harness.start();
  const { status, body } = await looked(harness, 'ListStreamSights', { NextToken: '!' });
  assert.deepEqual(
    [status, body['__type'], body['message']],
    [400, 'InvalidArgumentException', 'Invalid NextToken.'],
  );
});
