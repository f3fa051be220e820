import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObjectStoreError } from '../../../src/env/object-store.ts';
import type { Survival } from '../fake-disk.ts';
import { ArchivedLog, afterMs, archivePass } from './archived-log.ts';
import type { StoreFate } from './fake-store.ts';
import { Ledger } from './ledger.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const survivals: readonly Survival[] = ['nothing', 'everything', 1];

/** Segments are archived, forgotten and dropped, between puts. */
class Play {
  readonly main = new Ledger('main');
  readonly doomed = new Ledger('doomed');
  readonly archived: ArchivedLog;
  isDropping = false;

  constructor(archived: ArchivedLog) {
    this.archived = archived;
  }

  /** The disk's calls are counted from where the records are written. */
  async run(): Promise<void> {
    const { main, doomed, archived } = this;
    await archived.open();
    const { log, engine } = archived;
    for (let round = 0; round < 9; round++) {
      engine.clock.time += 1_000;
      await Promise.all([0, 1].map((shard) => main.append(log, shard, 2, 200)));
      await doomed.append(log, 0, 1, 700);
    }
    await this.#pass();
    for (const shard of [0, 1]) await main.trim(log, shard, 7);
    await main.append(log, 0, 2, 200);
    await this.#pass();
    this.isDropping = true;
    await log.drop('doomed');
    await this.#pass();
    await log.close();
  }

  /** What was left half done, the passes of the next process do; nothing is lost or left over. */
  async check(archived: ArchivedLog): Promise<void> {
    const { main, doomed } = this;
    const { clock } = archived.engine;
    clock.time = this.archived.engine.clock.time + 2 * afterMs;
    await archived.open();
    await main.check(archived.log);
    if (!this.isDropping) await doomed.check(archived.log);
    await archivePass(archived.log);
    await main.check(archived.log);
    if (!this.isDropping) await doomed.check(archived.log);
    await archived.reopen();
    await main.check(archived.log);
    for (const shard of [0, 1]) await archived.log.trim({ stream: 'main', shard }, 1_000);
    await archived.log.drop('doomed');
    await archivePass(archived.log);
    assert.deepEqual(archived.store.keys, ['millrace/owner.json']);
    assert.deepEqual(
      (await archived.engine.disk.list('logs')).filter((name) => name.includes('doomed')),
      [],
    );
    assert.deepEqual(archived.engine.panics, []);
  }

  async #pass(): Promise<void> {
    this.archived.engine.clock.time += 2 * afterMs;
    try {
      await archivePass(this.archived.log);
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
    }
  }
}

test('whatever call of the disk the power goes at, nothing is lost and nothing is left in the store', async () => {
  const whole = new ArchivedLog();
  await new Play(whole).run();
  const { calls } = whole.engine.disk;
  assert.ok(calls > 100, `${calls} calls`);
  for (let crash = 20; crash < calls; crash++) {
    const archived = new ArchivedLog();
    archived.engine.disk.fate = ({ index }) => (index === crash ? 'crash' : undefined);
    const play = new Play(archived);
    await Promise.race([play.run(), archived.engine.disk.crashed]);
    await checkAfter(play, survivals[crash % survivals.length]!, `crash at call ${crash} of the disk`);
  }
});

test('whatever becomes of a call of the store, nothing is lost and nothing is left in it', async () => {
  const whole = new ArchivedLog();
  await new Play(whole).run();
  const { calls } = whole.store;
  assert.ok(calls > 40, `${calls} calls`);
  const fates: readonly StoreFate[] = ['refused', 'lost', 'crash', 'crash after'];
  for (let call = 0; call < calls; call++) {
    for (const fate of fates) {
      const archived = new ArchivedLog();
      archived.store.fate = ({ index }) => (index === call ? fate : undefined);
      const play = new Play(archived);
      await Promise.race([play.run(), archived.store.crashed]);
      const survival = survivals[(call + fates.indexOf(fate)) % survivals.length]!;
      await checkAfter(play, survival, `call ${call} of the store: ${fate}`);
    }
  }
});

async function checkAfter(play: Play, survival: Survival, label: string): Promise<void> {
  const { engine, store } = play.archived;
  const left = store.nextProcess();
  try {
    const next = new EngineOnFakeDisk(engine.disk.cutPower(survival));
    next.random.bytes(50);
    await play.check(new ArchivedLog(next, left));
  } catch (error) {
    throw new Error(`${label}, ${survival} survives`, { cause: error });
  }
}
