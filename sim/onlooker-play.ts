import type { Model } from '../harness/model.ts';
import {
  auditOnlookers,
  lookBeforeAudit,
  type OnlookerWork,
  runOnlooker,
} from '../harness/onlookers/onlooker.ts';
import { SeededRandom } from '../harness/random.ts';
import type { TablesModel } from '../harness/tables-model.ts';
import type { Surroundings } from '../harness/workload.ts';
import type { ClientWorld } from './client.ts';
import { SimulatedOnlooker } from './onlooker.ts';

type PlayedWorld = ClientWorld & Surroundings;

type Models = { readonly model: Model; readonly tables: TablesModel };

/**
 * Somebody who looks at the streams of a world: follows them, sees what was counted, and limits them. Drawn
 * apart, so that worlds in which nobody looks are what they would be if there was nothing to see.
 */
export class OnlookerPlay {
  readonly #random: SeededRandom;
  readonly #world: PlayedWorld;
  readonly #models: Models;
  readonly #countsAlone: boolean;

  /** Undefined where nobody looks. */
  static of(
    seed: number,
    place: 'machine' | 'cluster',
    world: PlayedWorld,
    models: Models,
  ): OnlookerPlay | undefined {
    const random = new SeededRandom(seed ^ 0x5ee9);
    return random.chance(0.3) ? new OnlookerPlay(random, world, models, place === 'machine') : undefined;
  }

  private constructor(random: SeededRandom, world: PlayedWorld, models: Models, countsAlone: boolean) {
    this.#random = random;
    this.#world = world;
    this.#models = models;
    this.#countsAlone = countsAlone;
  }

  run(surroundings: Surroundings, isOver: () => boolean): Promise<void> {
    return runOnlooker(this.#work('onlooker', surroundings, isOver));
  }

  /** Once the world has come to rest, before the last records are put. */
  lookBeforeAudit(): Promise<void> {
    return lookBeforeAudit(this.#work('first onlooker', this.#world, () => false));
  }

  /** Once the world has come to rest, and all streams were read. */
  audit(): Promise<void> {
    return auditOnlookers(this.#work('last onlooker', this.#world, () => false));
  }

  #work(name: string, world: Surroundings, isOver: () => boolean): OnlookerWork {
    const client = new SimulatedOnlooker(this.#world, name);
    const random = this.#random.fork();
    return { ...this.#models, world, random, client, isOver, countsAlone: this.#countsAlone };
  }
}
