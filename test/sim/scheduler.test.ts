import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../harness/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { World } from '../../sim/world.ts';

test('events happen in the order of their times, and those of one time in the order asked for', async () => {
  const scheduler = new Scheduler();
  const random = new SeededRandom(7);
  const asked = Array.from({ length: 500 }, (_, index) => ({ time: random.below(50), index }));
  const happened: typeof asked = [];
  for (const event of asked) scheduler.after(event.time, () => void happened.push(event));
  await scheduler.run(scheduler.sleep(60));
  assert.deepEqual(
    happened,
    asked.toSorted((one, other) => one.time - other.time || one.index - other.index),
  );
});

test('all promises settle before the next event', async () => {
  const scheduler = new Scheduler();
  const seen: string[] = [];
  const first = async () => {
    for (let step = 0; step < 100; step++) await undefined;
    seen.push('the last step of the first');
  };
  scheduler.after(1, () => void first());
  scheduler.after(1, () => void seen.push('the second'));
  await scheduler.run(scheduler.sleep(2));
  assert.deepEqual(seen, ['the last step of the first', 'the second']);
});

test('an hour passes in no time, and the clocks agree on it', async () => {
  const world = new World(3);
  const { clock } = world.boot().env;
  const before = { wall: clock.now(), monotonic: clock.monotonic() };
  await world.scheduler.run(clock.sleep(3_600_000));
  assert.equal(clock.now() - before.wall, 3_600_000);
  assert.equal(clock.monotonic() - before.monotonic, 3_600_000);
});

test('a jump moves the wall clock and not the monotonic one', () => {
  const world = new World(3);
  const { clock } = world.boot().env;
  const before = clock.now();
  world.jumpClock(-5_000);
  assert.equal(clock.now(), before - 5_000);
  assert.equal(clock.monotonic(), 0);
});

test('an aborted sleep ends at once', async () => {
  const world = new World(3);
  const { clock } = world.boot().env;
  const abort = new AbortController();
  world.scheduler.after(10, () => abort.abort());
  await world.scheduler.run(clock.sleep(1_000, abort.signal));
  assert.equal(clock.monotonic(), 10);
});

test('a dead process does not wake from its sleep', async () => {
  const world = new World(3);
  const { process, env } = world.boot();
  let woke = false;
  void env.clock.sleep(10).then(() => {
    woke = true;
  });
  world.scheduler.after(5, () => world.kill(process));
  await world.scheduler.run(world.scheduler.sleep(20));
  assert.equal(woke, false);
});

test('a panic ends the process, and what it awaits stays pending', async () => {
  const world = new World(3);
  const { process, env } = world.boot();
  env.panic('the disk lied', new Error('EIO'));
  let answered = false;
  void env.disk.list('.').finally(() => {
    answered = true;
  });
  assert.equal(await world.scheduler.run(process.death), 'panic: the disk lied');
  await world.scheduler.run(world.scheduler.sleep(1_000));
  assert.equal(answered, false);
});

test('work that nothing can finish is noticed', async () => {
  await assert.rejects(new Scheduler().run(new Promise(() => {})), /stands still/);
});

test('work that takes too long is noticed', async () => {
  const scheduler = new Scheduler();
  await assert.rejects(scheduler.run(scheduler.sleep(100), 50), /not done 50 ms/);
});

test('a seed draws the same numbers again, and another seed others', () => {
  const draw = (seed: number) => new SeededRandom(seed).bytes(32).toString('hex');
  assert.equal(draw(1), draw(1));
  assert.notEqual(draw(1), draw(2));
});

test('draws are spread evenly', () => {
  const random = new SeededRandom(11);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 20_000; draw++) counts[random.below(10)]!++;
  for (const count of counts) assert.ok(count > 1_800 && count < 2_200, `${counts}`);
});
