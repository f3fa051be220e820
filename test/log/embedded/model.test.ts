import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf } from '../../../harness/shard-text.ts';
import { type Offset, recordsOf } from '../../../src/kinesis/record.ts';
import { type Engine, SealedError } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import type { Survival } from '../fake-disk.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const shards = [0, 1, 2];

test('whatever is done to it, the embedded engine answers as the memory engine does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const twins = await Twins.open();
      for (const take of steps) await take(twins);
      await twins.compareAll();
    }),
    { numRuns: 300 },
  );
});

/** The engine and its model, which get the same calls. */
class Twins {
  readonly #model: Engine;
  #engine = new EngineOnFakeDisk();
  #log!: Engine;
  #next = 0;

  static async open(): Promise<Twins> {
    const twins = new Twins();
    twins.#log = await twins.#engine.open();
    return twins;
  }

  private constructor() {
    const now = () => this.#engine.clock.now();
    this.#model = openMemoryLog({ now, monotonic: now, turn: async () => {}, sleep: async () => {} });
  }

  /** Appends batches to shards, all at once: one record per size. */
  async append(batches: readonly { shard: number; sizes: readonly number[] }[]): Promise<void> {
    const named = batches.map(({ shard, sizes }) => ({
      shard,
      batch: batchOf(...sizes.map((size) => `${this.#next++} `.padEnd(size))),
    }));
    await this.#both((of) =>
      Promise.all(named.map(({ shard, batch }) => outcomeOf(of(shard).append(batch)))),
    );
  }

  /** `back`: how long before now what is read arrived at most. */
  async read(shard: number, from: Offset, records: number, bytes: number, back = 1e9): Promise<void> {
    const since = this.#engine.clock.time - back;
    const [engine, model] = this.#pair(shard);
    const found = await recordsFrom(engine, from, { records, bytes }, since);
    const expected = await recordsFrom(model, from, { records: 10_000, bytes: 10_000_000 }, since);
    assert.deepEqual(found, expected.slice(0, found.length));
    assert.ok(found.length >= Math.min(1, expected.length));
    if (bytes >= 1_000_000) assert.ok(found.length >= Math.min(records, expected.length));
  }

  async seek(shard: number, back: number): Promise<void> {
    const time = this.#engine.clock.time - back;
    await this.#both((of) => of(shard).seek(time));
  }

  async trim(shard: number, before: Offset): Promise<void> {
    await this.#both((of) => of(shard).trim(before));
  }

  async seal(shard: number): Promise<void> {
    await this.#both((of) => of(shard).seal());
  }

  wait(delay: number): void {
    this.#engine.clock.time += delay;
  }

  /** Opens the log again, after its proper end or a power cut, and trims it again. */
  async reopen(survival: Survival | 'closed'): Promise<void> {
    const { clock, disk } = this.#engine;
    if (survival === 'closed') await this.#log.close();
    this.#engine = new EngineOnFakeDisk(disk.cutPower(survival === 'closed' ? 'nothing' : survival));
    this.#engine.clock.time = clock.time;
    this.#log = await this.#engine.open();
    for (const shard of shards) {
      const [engine, model] = this.#pair(shard);
      const start = await model.start();
      assert.ok((await engine.start()) <= start);
      await engine.trim(start);
    }
  }

  async compareAll(): Promise<void> {
    for (const shard of shards) {
      await this.read(shard, 0, 1_000, 1_000_000);
      const [engine, model] = this.#pair(shard);
      assert.deepEqual(await engine.position(), await model.position());
    }
    assert.deepEqual(this.#engine.panics, []);
  }

  /** Does the same with both, and compares the answers. */
  async #both(call: (of: (shard: number) => OneShard) => Promise<unknown>): Promise<void> {
    const found = await call((shard) => new OneShard(this.#log, { stream: 'stream', shard }));
    const expected = await call((shard) => new OneShard(this.#model, { stream: 'stream', shard }));
    assert.deepEqual(found, expected);
    await this.compareAll();
  }

  #pair(shard: number): [engine: OneShard, model: OneShard] {
    const key = { stream: 'stream', shard };
    return [new OneShard(this.#log, key), new OneShard(this.#model, key)];
  }
}

async function outcomeOf<T>(promise: Promise<T>): Promise<T | string> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SealedError) return error.name;
    throw error;
  }
}

async function recordsFrom(
  shard: OneShard,
  from: Offset,
  limit: { records: number; bytes: number },
  since: number,
): Promise<string[]> {
  const start = await shard.start();
  const batches = await shard.read(from, limit, since);
  return batches
    .flatMap((batch) => [...recordsOf(batch)])
    .filter(({ offset }) => offset >= Math.max(from, start))
    .map(({ offset, arrival, data }) => `${offset} ${arrival} ${data}`);
}

const shard = fc.nat(2);
const batch = fc.record({ shard, sizes: fc.array(fc.nat(200), { minLength: 1, maxLength: 4 }) });
const survival = fc.constantFrom<Survival | 'closed'>('closed', 'nothing', 'everything', 1, 2, 3);

/** What a user of the log does next. */
type Step = (twins: Twins) => Promise<void> | void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(batch, { maxLength: 8 }).map(
      (batches): Step =>
        (twins) =>
          twins.append(batches),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(shard, fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(2_000), fc.nat(200)).map(
      (reading): Step =>
        (twins) =>
          twins.read(...reading),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(shard, fc.nat(200)).map(
      (seeking): Step =>
        (twins) =>
          twins.seek(...seeking),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(shard, fc.nat(60)).map(
      (trimming): Step =>
        (twins) =>
          twins.trim(...trimming),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(50).map(
      (delay): Step =>
        (twins) =>
          twins.wait(delay),
    ),
  },
  {
    weight: 1,
    arbitrary: shard.map(
      (sealed): Step =>
        (twins) =>
          twins.seal(sealed),
    ),
  },
  {
    weight: 2,
    arbitrary: survival.map(
      (surviving): Step =>
        (twins) =>
          twins.reopen(surviving),
    ),
  },
);
