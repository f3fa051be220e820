import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { World } from '../../sim/world.ts';
import { Counter, type Mistake } from './counter.ts';

suite('a crash shows what a program forgot', () => {
  test('a program that keeps the rules keeps its promise', async () => {
    for (let seed = 0; seed < 60; seed++) assert.equal(await broken(seed, 'none'), undefined, `seed ${seed}`);
  });

  for (const mistake of ['no sync', 'answer before sync', 'no directory sync'] as const) {
    test(`${mistake} is found out within 60 seeds`, async () => {
      for (let seed = 0; seed < 60; seed++) if ((await broken(seed, mistake)) !== undefined) return;
      assert.fail('no seed found it');
    });
  }

  test('kill -9 takes nothing from the page cache, so it shows no missing sync', async () => {
    const world = new World(1);
    const { process, env } = world.boot();
    await world.scheduler.run(Counter.open(env, 'no sync').then((counter) => counter.increment()));
    world.kill(process);
    const again = await world.scheduler.run(Counter.open(world.boot().env, 'no sync'));
    assert.equal(again.count, 1);
  });
});

/** Crashes a counter again and again, and answers how it broke its promise, if it did. */
async function broken(seed: number, mistake: Mistake): Promise<string | undefined> {
  const world = new World(seed);
  let promised = 0;
  let asked = 0;
  for (let round = 0; round < 4; round++) {
    const { process, env } = world.boot();
    const work = (async () => {
      const counter = await Counter.open(env, mistake);
      if (counter.count < promised || counter.count > asked)
        return `${counter.count} after ${promised} of ${asked}`;
      for (;;) {
        asked = Math.max(asked, counter.count + 1);
        promised = await counter.increment();
      }
    })();
    const life = world.scheduler.sleep(world.random.real(0, 60)).then(() => undefined);
    const outcome = await world.scheduler.run(Promise.race([work, life]));
    if (outcome !== undefined) return outcome;
    world.cutPower(process);
  }
  return undefined;
}
