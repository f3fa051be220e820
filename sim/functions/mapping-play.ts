import { checkMappings } from '../../harness/mappings/check-mappings.ts';
import { auditMappings } from '../../harness/mappings/mapping-audit.ts';
import { MappingsModel } from '../../harness/mappings/mapping-model.ts';
import { runMappingOwner } from '../../harness/mappings/mapping-owner.ts';
import type { MappingWork } from '../../harness/mappings/mapping-work.ts';
import type { Model } from '../../harness/model.ts';
import { SeededRandom } from '../../harness/random.ts';
import type { Work } from '../../harness/workload.ts';
import type { ClientWorld } from '../client.ts';
import { SimulatedLambdaClient } from '../lambda-client.ts';
import type { SimulatedProgram } from '../processes.ts';
import { type FunctionsPlace, functionProgram } from './function-program.ts';

/** What functions and their owners live in. */
type Stage = ClientWorld &
  Pick<FunctionsPlace, 'lifeOf'> & {
    /** What every program does that a server starts. */
    program: SimulatedProgram | undefined;
  };

/** Of so many worlds one has functions that read its streams. */
const share = 0.2;

/** The functions and mappings of a world, and those who make them. */
export class MappingPlay {
  readonly #world: Stage;
  readonly #model: MappingsModel;
  readonly #random: SeededRandom;

  /**
   * Undefined for a seed whose world has none. Drawn apart, so that worlds without are what they would be if
   * there were none.
   */
  static of(seed: number, world: Stage, model: Model): MappingPlay | undefined {
    const random = new SeededRandom(seed ^ 0x1a3bda);
    return random.chance(share) ? new MappingPlay(world, model, random) : undefined;
  }

  private constructor(world: Stage, model: Model, random: SeededRandom) {
    this.#world = world;
    this.#model = new MappingsModel(model);
    this.#random = random;
    world.program = functionProgram({
      network: world.network,
      trace: world.trace,
      mappings: this.#model,
      random: random.fork(),
      lifeOf: (process) => world.lifeOf(process),
    });
  }

  /** A client at work until the world is over; `work` is what others there have. */
  run(work: Work): Promise<void> {
    return runMappingOwner(this.#workOf(work, 'owner of mappings'));
  }

  audit(work: Work): Promise<void> {
    return auditMappings(this.#workOf(work, 'auditor of mappings'));
  }

  /** Every promise that was broken. */
  check(): Iterable<string> {
    return checkMappings(this.#model);
  }

  #workOf(work: Work, name: string): MappingWork {
    const lambda = new SimulatedLambdaClient(this.#world, name);
    return { ...work, random: this.#random.fork(), lambda, mappings: this.#model };
  }
}
