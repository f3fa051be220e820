import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsThrottle, noThrottle } from '../../src/stream/throttle.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const key = { stream: '1', shard: 0 };
const MiB = 1024 * 1024;

/** How many of `tries` are allowed. */
function allowed(tries: number, attempt: () => boolean): number {
  return Array.from({ length: tries }, attempt).filter(Boolean).length;
}

test('a shard takes 1,000 records in a second', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  assert.equal(
    allowed(1500, () => throttle.mayWrite(key, 1)),
    1000,
  );
  await clock.advance(100);
  assert.equal(
    allowed(1500, () => throttle.mayWrite(key, 1)),
    100,
  );
  await clock.advance(60_000);
  assert.equal(
    allowed(1500, () => throttle.mayWrite(key, 1)),
    1000,
  );
});

test('a shard takes 1 MiB in a second', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  assert.equal(
    allowed(10, () => throttle.mayWrite(key, MiB / 4)),
    4,
  );
  await clock.advance(250);
  assert.equal(
    allowed(10, () => throttle.mayWrite(key, MiB / 4)),
    1,
  );
});

test('what is refused counts for nothing', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  assert.equal(throttle.mayWrite(key, MiB - 10), true);
  assert.equal(
    allowed(5000, () => throttle.mayWrite(key, 11)),
    0,
  );
  assert.equal(throttle.mayWrite(key, 10), true);
});

test('a large record passes when the shard has rested, and those after it wait until it is paid for', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  assert.equal(throttle.mayWrite(key, 10 * MiB), true);
  await clock.advance(9000);
  assert.equal(throttle.mayWrite(key, 1), false);
  await clock.advance(100);
  assert.equal(throttle.mayWrite(key, 1), true);
});

test('small records that keep coming do not hold up a large one', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  throttle.mayWrite(key, MiB);
  for (let nth = 0; nth < 50; nth++) {
    await clock.advance(10);
    assert.equal(throttle.mayWrite(key, 8 * 1024), true);
  }
  assert.equal(throttle.mayWrite(key, 10 * MiB), true);
  assert.equal(throttle.mayWrite(key, 10 * MiB), false);
});

test('a shard answers 5 GetRecords and 5 GetShardIterator calls in a second', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  for (const attempt of [() => throttle.mayRead(key), () => throttle.mayIterate(key)]) {
    assert.equal(allowed(10, attempt), 5);
    await clock.advance(200);
    assert.equal(allowed(10, attempt), 1);
  }
});

test('after an answer of 10 MiB a shard is not read for 5 seconds', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  assert.equal(throttle.mayRead(key), true);
  throttle.didRead(key, 10 * MiB);
  await clock.advance(4999);
  assert.equal(throttle.mayRead(key), false);
  await clock.advance(2);
  assert.equal(throttle.mayRead(key), true);
});

test('small answers may add up to 2 MiB in a second', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  const read = () => {
    if (!throttle.mayRead(key)) return false;
    throttle.didRead(key, MiB / 2);
    return true;
  };
  assert.equal(allowed(5, read), 4);
});

test('shards and streams are counted each by itself', () => {
  const throttle = awsThrottle(new ManualClock());
  assert.equal(throttle.mayWrite(key, MiB), true);
  assert.equal(throttle.mayWrite(key, MiB), false);
  assert.equal(throttle.mayWrite({ stream: '1', shard: 1 }, MiB), true);
  assert.equal(throttle.mayWrite({ stream: '2', shard: 0 }, MiB), true);
});

test('a wall clock that jumps changes no rate', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock);
  throttle.mayWrite(key, MiB);
  clock.jump(3_600_000);
  assert.equal(throttle.mayWrite(key, MiB), false);
  clock.jump(-7_200_000);
  await clock.advance(1000);
  assert.equal(throttle.mayWrite(key, MiB), true);
});

test('without limits everything passes', () => {
  assert.ok(noThrottle.mayWrite(key, 100 * MiB) && noThrottle.mayRead(key) && noThrottle.mayIterate(key));
});
