import '../../../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openShards } from '../../../../src/kinesis/stream.ts';
import { MappingModel, type Nature } from './mapping-model.ts';
import { MappingWorld } from './mapping-world.ts';

type Action =
  | { readonly kind: 'put'; readonly key: number; readonly nature: Nature }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'split' | 'merge'; readonly shard: number }
  | { readonly kind: 'crash'; readonly asks: number }
  | { readonly kind: 'stop' | 'toggle' }
  | { readonly kind: 'lanes'; readonly count: number };

const natures: fc.Arbitrary<Nature> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Nature>({ kind: 'good' }) },
  { weight: 1, arbitrary: fc.constant<Nature>({ kind: 'poison' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('flaky', 'refused'),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ kind: fc.constant('put'), key: fc.nat({ max: 5 }), nature: natures }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(1, 30, 200, 5_000, 20_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('split', 'merge'), shard: fc.nat({ max: 9 }) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('crash'), asks: fc.nat({ max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('stop', 'toggle') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lanes'), count: fc.integer({ min: 1, max: 3 }) }) },
);

const settings = fc.record({
  batchSize: fc.integer({ min: 1, max: 6 }),
  parallelization: fc.integer({ min: 1, max: 3 }),
  retries: fc.integer({ min: 0, max: 2 }),
  bisects: fc.boolean(),
  reportsItemFailures: fc.boolean(),
  tumblingSeconds: fc.constantFrom(0, 0, 10),
  windowSeconds: fc.constantFrom(0, 0, 1),
  maximumAgeSeconds: fc.constantFrom(-1, -1, -1, 60),
});

/** What happens to a mapping, and to what runs it. */
class Scenario {
  readonly #world: MappingWorld;
  readonly #model: MappingModel;

  constructor(world: MappingWorld) {
    this.#world = world;
    this.#model = new MappingModel(world);
    let calls = 0;
    world.latencyMs = () => (calls++ % 3) * 20;
  }

  async play(all: readonly Action[]): Promise<void> {
    this.#world.start();
    for (const action of all) {
      await this.#act(action);
      this.#model.check();
      this.#revive();
    }
    await this.#world.update({ state: 'Enabled', isEnabled: true });
    this.#world.crashSoon(Number.POSITIVE_INFINITY);
    this.#revive();
    await this.#model.ended();
    for (let waits = 0; !this.#model.isAllPassed; waits++) {
      assert.ok(waits < 1_000, 'all that was put is passed sometime');
      await this.#world.pass(500);
      this.#model.check();
    }
    const { bisects, tumblingSeconds, maximumAgeSeconds } = this.#world.mapping;
    this.#model.checkEnd({
      isBisected: bisects && maximumAgeSeconds === -1,
      hasWindows: tumblingSeconds > 0,
    });
    await this.#world.stop();
  }

  #revive(): void {
    if (this.#world.isRunning) return;
    this.#world.crash();
    this.#model.crashed();
    this.#world.start();
  }

  async #act(action: Action): Promise<void> {
    const world = this.#world;
    switch (action.kind) {
      case 'put':
        return await this.#model.put(`key${action.key}`, action.nature);
      case 'pass':
        return await world.pass(action.ms);
      case 'crash':
        return world.crashSoon(action.asks);
      case 'stop': {
        world.crashSoon(Number.POSITIVE_INFINITY);
        this.#revive();
        await world.stop();
        return world.crash();
      }
      case 'toggle': {
        const isEnabled = !world.mapping.isEnabled;
        return await world.update({ isEnabled, state: isEnabled ? 'Enabled' : 'Disabled' });
      }
      case 'lanes':
        return await world.update({ parallelization: action.count });
      default:
        await this.#reshard(action.kind, action.shard);
    }
  }

  async #reshard(kind: 'split' | 'merge', nth: number): Promise<void> {
    const open = openShards(this.#world.stream).sort((one, other) =>
      one.range.first < other.range.first ? -1 : 1,
    );
    const shard = open[nth % open.length]!;
    const next = open[(nth % open.length) + 1];
    if (kind === 'split') {
      const at = (shard.range.first + shard.range.last) / 2n;
      await this.#world.reshard({ kind, shard: shard.index, at, since: 0 });
    } else if (next !== undefined) {
      await this.#world.reshard({ kind, shards: [shard.index, next.index], since: 0 });
    }
  }
}

test('whatever happens, each record is done or kept, in order, children after parents, and once it is committed not again', async () => {
  await fc.assert(
    fc.asyncProperty(settings, fc.array(actions, { maxLength: 40 }), async (chosen, all) => {
      await new Scenario(await MappingWorld.with(chosen, 2)).play(all);
    }),
    { numRuns: Number(process.env['RUNS'] ?? 150) },
  );
});
