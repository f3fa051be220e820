import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { textsOf } from '../../../harness/shard-text.ts';
import type { FakeDisk, Survival } from '../fake-disk.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';
import { Workload } from './workload.ts';

const survivals: readonly Survival[] = ['nothing', 'everything', 1, 2, 3, 4];

test('whatever call the power goes at, everything acknowledged is there afterwards and nothing is invented', async () => {
  const calls = await callsOf(undefined);
  assert.ok(calls > 60);
  let acknowledged = 0;
  for (let k = 0; k < calls; k++) {
    const { engine, workload } = await runUntil(k);
    for (const survival of survivals) {
      const label = `crash at call ${k}, ${survival} survives`;
      await checkAfter(engine, engine.disk.cutPower(survival), workload, label);
    }
    acknowledged = Math.max(acknowledged, workload.main.acknowledged);
  }
  assert.ok(acknowledged > 35);
});

test('whatever call of a recovery the power goes at, the next recovery finds everything', async () => {
  const calls = await callsOf(undefined);
  for (let k = 5; k < calls; k += 7) {
    const { engine, workload } = await runUntil(k);
    for (let j = 0; ; j++) {
      const first = new EngineOnFakeDisk(engine.disk.cutPower(k));
      first.disk.fate = ({ index }) => (index === j ? 'crash' : undefined);
      const recovered = await Promise.race([
        first
          .open()
          .then((log) => workload.check(log))
          .then(() => true),
        first.disk.crashed.then(() => false),
      ]);
      const label = `crash at call ${k}, and again at call ${j} of the recovery`;
      await checkAfter(first, first.disk.cutPower(j), workload, label);
      if (recovered) break;
    }
  }
});

test('what the next process shows, after one was killed or its sync failed, survives a power cut', async () => {
  const calls = await callsOf(undefined);
  for (let k = 0; k < calls; k++) {
    for (const fate of ['crash', 'EIO']) {
      const engine = new EngineOnFakeDisk();
      engine.disk.fate = ({ index, kind }) =>
        index === k && (fate === 'crash' || kind === 'sync') ? fate : undefined;
      const work = engine.open().then((log) => new Workload().run(log, engine.clock));
      await Promise.race([work, engine.disk.crashed, engine.panicked]);
      const next = new EngineOnFakeDisk(engine.disk.nextProcess());
      const shown = await everything(next);
      const after = await everything(new EngineOnFakeDisk(next.disk.cutPower('nothing')));
      assert.deepEqual(after, shown, `${fate} at call ${k}`);
    }
  }
});

async function everything(engine: EngineOnFakeDisk): Promise<string[][]> {
  engine.disk.isHasty = true;
  const log = await engine.open();
  const shards = [0, 1, 2, 3].map((shard) => new OneShard(log, { stream: 'main', shard }));
  return Promise.all(shards.map((shard) => textsOf(shard)));
}

async function callsOf(crashAt: number | undefined): Promise<number> {
  const { engine } = await runUntil(crashAt);
  return engine.disk.calls;
}

async function runUntil(
  crashAt: number | undefined,
): Promise<{ engine: EngineOnFakeDisk; workload: Workload }> {
  const engine = new EngineOnFakeDisk();
  engine.disk.fate = ({ index }) => (index === crashAt ? 'crash' : undefined);
  const workload = new Workload();
  const work = engine.open().then((log) => workload.run(log, engine.clock));
  await Promise.race([work, engine.disk.crashed]);
  assert.deepEqual(engine.panics, []);
  return { engine, workload };
}

/** Opens what the power cut left, uses it, and opens it once more. */
async function checkAfter(
  before: EngineOnFakeDisk,
  disk: FakeDisk,
  workload: Workload,
  label: string,
): Promise<void> {
  const engine = new EngineOnFakeDisk(disk);
  disk.isHasty = true;
  engine.clock.time = before.clock.time - 1_000;
  try {
    const log = await engine.open();
    await workload.check(log);
    await log.close();
    const again = await engine.open();
    await workload.check(again);
    await again.close();
    assert.deepEqual(engine.panics, []);
  } catch (error) {
    throw new Error(label, { cause: error });
  }
}
