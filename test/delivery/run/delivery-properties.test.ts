import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DeliverySpec } from '../../../src/delivery/delivery-spec.ts';
import { openShards } from '../../../src/kinesis/stream.ts';
import { TestRandom } from '../../log/world.ts';
import '../../property-seed.ts';
import type { PutFate } from '../objects-in-memory.ts';
import { DeliveryTestWorld, specOf, targetOf } from './delivery-test-world.ts';

type Step =
  | { readonly kind: 'put'; readonly records: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash'; readonly asked: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'split' }
  | { readonly kind: 'merge' }
  | { readonly kind: 'change' }
  | { readonly kind: 'move' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('put' as const), records: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), asked: fc.integer({ min: 0, max: 25 }) }),
  },
  ...(['stop', 'split', 'merge', 'change', 'move'] as const).map((kind) => ({
    weight: 1,
    arbitrary: fc.constant({ kind }),
  })),
);

test('whatever happens, every record is in one object and in no other', async () => {
  const life = fc.record({ seed: fc.nat(), steps: fc.array(step, { minLength: 5, maxLength: 25 }) });
  const property = fc.asyncProperty(life, ({ seed, steps }) => new Play(seed).of(steps));
  await fc.assert(property, { numRuns: 60 });
});

/** A life of a delivery, in which answers of the store are lost as a seed says. */
class Play {
  readonly #random: TestRandom;
  #put = 0;
  #revision = 1;

  constructor(seed: number) {
    this.#random = new TestRandom(seed);
  }

  async of(steps: readonly Step[]): Promise<void> {
    const world = await DeliveryTestWorld.with({}, 2);
    const fates: readonly PutFate[] = ['stored', 'stored', 'stored, and its answer is lost', 'lost'];
    world.store.fateOf = () => fates[this.#random.below(fates.length)]!;
    world.store.delayOf = () => this.#random.below(2) * this.#random.below(2_000);
    world.start();
    for (const each of steps) {
      if (!world.isRunning) {
        world.crash();
        world.start();
      }
      await this.#play(world, each);
    }
    world.crash();
    world.store.fateOf = () => 'stored';
    world.start();
    const isWhole = () => this.#lines(world).length >= this.#put && world.progress?.plan === undefined;
    await world.until(isWhole, 300_000, 1_000);
    await world.pass(15_000);
    const all = Array.from({ length: this.#put }, (_, index) => lineOf(index));
    assert.deepEqual(this.#lines(world), all);
    world.crash();
  }

  async #play(world: DeliveryTestWorld, each: Step): Promise<void> {
    switch (each.kind) {
      case 'put': {
        const open = openShards(world.stream);
        const shard = open[this.#random.below(open.length)]!;
        const lines = Array.from({ length: each.records }, () => lineOf(this.#put++));
        return await world.put(shard.index, ...lines);
      }
      case 'pass':
        return await world.pass(each.ms);
      case 'crash':
        world.crashSoon(each.asked / 2);
        return;
      case 'stop':
        return await world.stop();
      case 'split': {
        const [shard] = openShards(world.stream);
        const { first, last } = shard!.range;
        return await world.reshard({
          kind: 'split',
          shard: shard!.index,
          at: (first + last) / 2n + 1n,
          since: 0,
        });
      }
      case 'merge': {
        const [first, second] = openShards(world.stream);
        if (second === undefined || first!.range.last + 1n !== second.range.first) return;
        return await world.reshard({ kind: 'merge', shards: [first!.index, second.index], since: 0 });
      }
      case 'change':
        world.want(this.#changed());
        return;
      case 'move':
        world.place(false);
        await world.pass(500);
        world.place(true);
    }
  }

  #changed(): DeliverySpec {
    this.#revision += 1;
    const target = targetOf('b', `v${this.#revision}/`);
    const destination = { kind: 's3', target, form: { kind: 'text', compression: 'NONE' } } as const;
    const bytes = 50 + this.#random.below(200);
    return specOf({ revision: String(this.#revision), destination, buffering: { bytes, ms: 5_000 } });
  }

  #lines(world: DeliveryTestWorld): readonly string[] {
    return world.delivered;
  }
}

function lineOf(index: number): string {
  return `line ${String(index).padStart(4, '0')}`;
}
