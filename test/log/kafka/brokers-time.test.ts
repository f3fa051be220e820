import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { BrokersTime } from '../../../src/log/kafka/brokers-time.ts';
import { controlTopic } from '../../../src/log/kafka/control-topic.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';

test('a clock is off by what no time on the way explains', () => {
  const time = new BrokersTime(new ManualClock(1_000_000), silentLogger);
  for (const [began, stored, off] of [
    [999_000, 999_000, 0],
    [999_000, 1_000_000, 0],
    [999_000, 998_000, 1_000],
    [999_000, 1_002_000, -2_000],
  ] as const) {
    time.heard(began, stored);
    assert.equal(time.offMs, off);
  }
});

test('a clock that is far off is spoken of once a minute, whichever of the brokers is right', () => {
  const clock = new ManualClock();
  let said = 0;
  const time = new BrokersTime(clock, { ...silentLogger, error: () => (said += 1) });
  for (let second = 0; second < 90; second++) {
    for (const off of [0, 3_600_000]) time.heard(clock.now(), clock.now() - off);
    clock.jump(1_000);
  }
  assert.equal(said, 2);
});

test('a client knows how far its clock is from those of brokers', async () => {
  await using brokers = new OnFakeCluster();
  const client = await brokers.client();
  const of = { topic: 'log', partition: 0 };
  await client.ensureTopic(controlTopic('log', 3));
  await client.append(of, batchOf('a'));
  assert.equal(client.time.isFarOff, false);
  for (const { id } of brokers.cluster.brokers) brokers.cluster.jumpClock(id, -3_600_000);
  await client.append(of, batchOf('b'));
  assert.equal(client.time.isFarOff, true);
  assert.equal(Math.round(client.time.offMs / 60_000), 60);
});
