import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../../harness/shard-text.ts';
import { defaultOptions, EngineParts } from '../../../../src/log/embedded/engine-parts.ts';
import { untouched } from '../../../../src/log/embedded/shard-state.ts';
import { PendingAppends } from '../../../../src/log/embedded/write/pending-appends.ts';
import { draftRound } from '../../../../src/log/embedded/write/round.ts';
import { KeyIds } from '../../../../src/log/key-ids.ts';
import { OverloadedError } from '../../../../src/log/log.ts';
import { FakeDisk } from '../../fake-disk.ts';
import { TestClock, TestLogger, TestRandom } from '../../world.ts';

const bytesOfOne = batchOf('x').bytes.length;

function begun(): { engine: EngineParts; pending: PendingAppends; settleRound: () => Promise<void> } {
  const panic = () => assert.fail('a panic');
  const world = { clock: new TestClock(), logger: new TestLogger(), random: new TestRandom(1), panic };
  const options = { roundBytesMax: 3 * bytesOfOne, waitingBytesMax: 5 * bytesOfOne, reserveBytes: 0 };
  const engine = new EngineParts({ ...world, disk: new FakeDisk() }, 'logs', {
    ...defaultOptions,
    ...options,
  });
  const pending = new PendingAppends(engine);
  let state = untouched(0);
  const settleRound = async () => {
    const writes = await pending.takeRound();
    pending.settle(draftRound(writes, () => state, 7, 1_000, new KeyIds(0)));
    state = { ...state, next: state.next + writes.length };
  };
  return { engine, pending, settleRound };
}

test('appends are answered round by round, in the order of the calls', async () => {
  const { engine, pending, settleRound } = begun();
  const answered: number[] = [];
  const appends = Array.from({ length: 5 }, async () => {
    answered.push((await pending.add(0, batchOf('x'))).first);
  });
  assert.equal(engine.waitingBytes, 5 * bytesOfOne);
  await settleRound();
  await Promise.all(appends.slice(0, 3));
  assert.deepEqual([answered, pending.size], [[0, 1, 2], 2]);
  await settleRound();
  await Promise.all(appends);
  assert.deepEqual([answered, pending.size, engine.waitingBytes], [[0, 1, 2, 3, 4], 0, 0]);
});

test('a round that could not be written refuses its own appends, and those that wait go on', async () => {
  const { pending, settleRound } = begun();
  const appends = Promise.allSettled(Array.from({ length: 5 }, () => pending.add(0, batchOf('x'))));
  await pending.takeRound();
  pending.fail(new Error('no space left'));
  await settleRound();
  const outcomes = (await appends).map(({ status }) => status);
  assert.deepEqual(outcomes, ['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
});

test('a dropped stream refuses what waits, and the round under way ends as it ends', async () => {
  const { engine, pending } = begun();
  const appends = Promise.allSettled(Array.from({ length: 5 }, () => pending.add(0, batchOf('x'))));
  const writes = await pending.takeRound();
  pending.failWaiting(new Error('dropped'));
  pending.settle(draftRound(writes, () => untouched(0), 7, 1_000, new KeyIds(0)));
  const outcomes = (await appends).map(({ status }) => status);
  assert.deepEqual(outcomes, ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  assert.equal(engine.waitingBytes, 0);
});

test('what waits has a limit over all streams, and a batch as large as all of a round is one', async () => {
  const { engine, pending } = begun();
  const large = pending.add(0, batchOf('x'.repeat(10 * bytesOfOne)));
  await assert.rejects(new PendingAppends(engine).add(0, batchOf('x')), OverloadedError);
  const writes = await pending.takeRound();
  pending.settle(draftRound(writes, () => untouched(0), 7, 1_000, new KeyIds(0)));
  assert.deepEqual(await large, { first: 0, arrival: 7 });
});
