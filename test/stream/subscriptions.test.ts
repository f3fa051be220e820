import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SubscriptionTable } from '../../src/stream/subscriptions.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const inUse = {
  name: 'ResourceInUseException',
  message: 'Another active subscription exists for this consumer: a:s:shardId-000000000000:c',
};

function begin(subscriptions: SubscriptionTable, consumer = 'c/0'): AbortController {
  return subscriptions.begin(consumer, 'a:s:shardId-000000000000:c');
}

test('after five seconds the next one takes over, and the one before learns why', async () => {
  const clock = new ManualClock();
  const subscriptions = new SubscriptionTable(clock);
  const first = begin(subscriptions);
  await clock.advance(4999);
  assert.throws(() => begin(subscriptions), inUse);
  assert.equal(first.signal.aborted, false);
  await clock.advance(1);
  const second = begin(subscriptions);
  assert.deepEqual([first.signal.aborted, second.signal.aborted], [true, false]);
  assert.equal(first.signal.reason.message, inUse.message);
});

test('the five seconds count from the begin, also of one that has ended', async () => {
  const clock = new ManualClock();
  const subscriptions = new SubscriptionTable(clock);
  await clock.advance(1000);
  begin(subscriptions).abort();
  await clock.advance(4999);
  assert.throws(() => begin(subscriptions), inUse);
  await clock.advance(1);
  begin(subscriptions);
});

test('one that is refused does not make the next wait longer', async () => {
  const clock = new ManualClock();
  const subscriptions = new SubscriptionTable(clock);
  begin(subscriptions);
  await clock.advance(4000);
  assert.throws(() => begin(subscriptions), inUse);
  await clock.advance(1000);
  begin(subscriptions);
});

test('other consumers, and the same one on other shards, are no concern', () => {
  const subscriptions = new SubscriptionTable(new ManualClock());
  const all = ['c/0', 'c/1', 'd/0'].map((consumer) => begin(subscriptions, consumer));
  assert.ok(all.every(({ signal }) => !signal.aborted));
});

test('a close ends all of them, without a reason to tell, and nothing waits any longer', async () => {
  const clock = new ManualClock();
  const subscriptions = new SubscriptionTable(clock);
  const ended = begin(subscriptions, 'c/0');
  const under = begin(subscriptions, 'c/1');
  ended.abort();
  assert.equal(clock.sleeping, 1);
  subscriptions.close();
  assert.equal(under.signal.aborted, true);
  assert.equal(under.signal.reason instanceof DOMException, true);
  assert.equal(begin(subscriptions, 'c/2').signal.aborted, true);
  assert.equal(clock.sleeping, 0);
});
