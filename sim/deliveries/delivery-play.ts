import { checkDeliveries } from '../../harness/deliveries/check-deliveries.ts';
import { auditDeliveries } from '../../harness/deliveries/delivery-audit.ts';
import { DeliveriesModel, type StoredObject } from '../../harness/deliveries/delivery-model.ts';
import { runDeliveryOwner } from '../../harness/deliveries/delivery-owner.ts';
import type { DeliveryWork } from '../../harness/deliveries/delivery-work.ts';
import { runDeliveryWriter } from '../../harness/deliveries/delivery-writer.ts';
import type { Model } from '../../harness/model.ts';
import { s3Credentials } from '../../harness/objects/fake-s3.ts';
import { SeededRandom } from '../../harness/random.ts';
import type { Work } from '../../harness/workload.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { HttpClient } from '../../src/env/http-client.ts';
import type { Calendar } from '../calendar.ts';
import { Client, type ClientWorld } from '../client.ts';
import { loadDeliveryModules } from '../late-modules.ts';
import type { Process } from '../process.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Trace } from '../trace.ts';
import { calmS3, SimulatedS3 } from './simulated-s3.ts';

/** What deliveries and their owners live in. */
type Stage = ClientWorld & {
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  /** Ends a process in one way or another. */
  crash(process: Process): void;
  /** The way of a process to other servers; undefined where there are none. */
  outside: ((process: Process) => HttpClient) | undefined;
};

/** Of so many worlds one has deliveries. */
const share = 0.2;

/** Two kinds of worlds, each with its own that have deliveries. */
const salts = { machine: 0xde_124e, cluster: 0xde_11ff } as const;

/** When the simulated machines were switched on: 2026-01-01T00:00:00Z. */
const epoch = 1_767_225_600_000;

/** The deliveries of a world, the bucket that they fill, and those who make them. */
export class DeliveryPlay {
  /** What a server of the world is told. */
  readonly settings = { s3: 'http://s3.test' };
  readonly #world: Stage;
  readonly #model: DeliveriesModel;
  readonly #random: SeededRandom;
  readonly #s3: SimulatedS3;
  #last: readonly StoredObject[] | undefined;

  /**
   * Undefined for a seed whose world has none. Drawn apart, so that worlds without are what they would be if
   * there were none.
   */
  static async of(
    seed: number,
    kind: keyof typeof salts,
    world: Stage,
    model: Model,
  ): Promise<DeliveryPlay | undefined> {
    const random = new SeededRandom(seed ^ salts[kind]);
    if (!random.chance(share)) return undefined;
    await loadDeliveryModules();
    return new DeliveryPlay(world, model, random);
  }

  private constructor(world: Stage, model: Model, random: SeededRandom) {
    this.#world = world;
    this.#model = new DeliveriesModel(model);
    this.#random = random;
    const now = () => epoch + Math.floor(world.scheduler.time);
    const { scheduler, trace } = world;
    const crash = (process: Process) => world.crash(process);
    this.#s3 = new SimulatedS3({ now, scheduler, trace, crash }, random.fork());
    world.outside = (process) => this.#s3.for(process);
    process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;
  }

  /** Clients at work until the world is over; `work` is what others there have. */
  async run(work: Work, calendar: Calendar): Promise<void> {
    await Promise.all([
      runDeliveryOwner(this.#workOf(work, 'owner of deliveries')),
      runDeliveryWriter(this.#workOf(work, 'writer of deliveries')),
      this.#stir(calendar),
    ]);
    this.#s3.weather = calmS3;
  }

  async audit(work: Work): Promise<void> {
    await auditDeliveries(this.#workOf(work, 'auditor of deliveries'), () => this.#s3.objects());
    this.#last = this.#s3.objects();
  }

  /** Every promise that was broken until all was looked at. */
  check(): Iterable<string> {
    return this.#last === undefined ? [] : checkDeliveries(this.#model, this.#last);
  }

  end(): void {
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
  }

  /** Changes how S3 is, from time to time. */
  async #stir(calendar: Calendar): Promise<void> {
    const random = this.#random.fork();
    const chance = () => random.pick([0, 0, 0, 0.05, 0.3]);
    let isAway = false;
    while (!calendar.isOver) {
      const short = random.real(50, 800) + (calendar.quiet > 0 ? random.real(0, calendar.quiet) : 0);
      const wait = isAway ? random.real(...awayMs) : short;
      await this.#world.scheduler.sleep(Math.min(wait, calendar.left));
      isAway = random.chance(0.15);
      this.#s3.weather = {
        delayMax: random.pick(delaysMax),
        ...{ cut: chance(), lost: chance(), failed: chance(), refused: chance(), late: chance() },
        silence: random.pick([0, 0, 0, 0.02]),
        isAway,
        deadly: random.pick([0, 0.1, 0.4]),
      };
    }
  }

  #workOf(work: Work, name: string): DeliveryWork {
    return {
      ...work,
      random: this.#random.fork(),
      client: new Client(this.#world, name),
      firehose: new Client(this.#world, name, 'firehose'),
      deliveries: this.#model,
    };
  }
}

/** Longer than the client of S3 itself tries again, and shorter. */
const awayMs: readonly [Millis, Millis] = [500, 6_000];

const delaysMax: readonly Millis[] = [1, 5, 5, 50, 400, 2_000];
