import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf } from '../../../harness/shard-text.ts';
import type { TestClock } from '../world.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

/**
 * How many appends the first round holds, when one is made by hand and one more in each turn of the event
 * loop, up to `most`.
 * `turn` is called in each of them.
 */
async function firstRound(text: string, most: number, turn = (_: TestClock) => {}): Promise<number> {
  const engine = new EngineOnFakeDisk();
  const { clock, disk } = engine;
  const log = await engine.open({});
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  await shard.append(batchOf('this one makes the segment'));
  const appended = [shard.append(batchOf(text))];
  clock.turn = async () => {
    turn(clock);
    if (appended.length < most) appended.push(shard.append(batchOf(text)));
  };
  let size = 0;
  disk.fate = ({ kind }) => {
    if (kind === 'sync') size ||= appended.length;
    return undefined;
  };
  await Promise.all(appended);
  await log.close();
  return size;
}

test('appends that come one turn after the other share a round', async () => {
  assert.equal(await firstRound('small', 6), 6);
});

test('an append that no other follows is a round by itself', async () => {
  assert.equal(await firstRound('small', 1), 1);
});

test('a round waits a millisecond at most for others', async () => {
  assert.equal(await firstRound('small', 6, (clock) => (clock.time += 0.5)), 3);
});

test('a large round waits for no more appends', async () => {
  assert.equal(await firstRound('x'.repeat(300_000), 6), 2);
});
