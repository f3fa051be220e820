import { s3Credentials } from '../../harness/objects/fake-s3.ts';
import { SeededRandom } from '../../harness/random.ts';
import type { Surroundings } from '../../harness/workload.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import type { Calendar } from '../calendar.ts';
import type { World } from '../world.ts';
import { archiveTroubles } from './archive-audit.ts';
import { fairWeather, SimulatedStore, type StoreWeather } from './simulated-store.ts';

/** Of so many worlds one has an archive. */
const share = 0.15;

/** So long after the store is back, a reader may hear that it was away. */
const aftermath: Millis = 4_000;

const bucket = 'backups';
const prefix = 'millrace/';

/** What the server signs requests to the store with. */
const variables = {
  AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
};

/** The archive of a world, and the store that it is in. */
export class ArchivePlay {
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #store: SimulatedStore;
  readonly #before: readonly (readonly [name: string, value: string | undefined])[];
  #awayUntil: Millis = 0;
  /** Whether servers of a world of days archive; undefined in other worlds. */
  #archivesForDays: boolean | undefined;

  /**
   * Undefined for a seed whose world has none. Drawn apart, so that worlds without are what they would be if
   * there were none; and so that worlds which are written down somewhere are without.
   */
  static of(seed: number, world: World): ArchivePlay | undefined {
    const random = new SeededRandom(seed ^ 0xa0c0e3);
    return random.chance(share) ? new ArchivePlay(world, random) : undefined;
  }

  private constructor(world: World, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
    this.#store = new SimulatedStore(world.scheduler, random.fork(), world.trace, world.wall.now());
    this.#store.s3.buckets.create(bucket);
    world.store = this.#store;
    this.#before = Object.keys(variables).map((name) => [name, process.env[name]]);
    Object.assign(process.env, variables);
  }

  /** Gives the process's variables back. */
  [Symbol.dispose](): void {
    for (const [name, value] of this.#before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }

  /**
   * How servers of this world archive: soon, and small segments. In most worlds of days they do not: passes
   * come every minute, and there would be nothing but them. Whether they do is drawn once: one without an
   * archive leaves to the next what another has put there.
   */
  options(lastsDays: boolean): Partial<ServerOptions> {
    const pick = <T>(choices: readonly T[]) => this.#random.pick(choices);
    if (lastsDays) this.#archivesForDays ??= this.#random.chance(0.3);
    if (this.#archivesForDays === false) return {};
    return {
      archive: `s3://${bucket}/${prefix}`,
      archiveAfter: lastsDays ? pick([3_600, 7_200]) : pick([0, 0.05]),
      segmentBytes: pick([4 * 1024, 4 * 1024, 8 * 1024]),
      s3: 'http://s3.test',
    };
  }

  /** What those live in who read: they may hear that the archive does not answer. */
  around(surroundings: Surroundings): Surroundings {
    const isAway = () => this.#world.scheduler.time < this.#awayUntil;
    return {
      scheduler: surroundings.scheduler,
      patience: (ms) => surroundings.patience(ms),
      wall: surroundings.wall,
      monotonic: () => surroundings.monotonic(),
      violate: (sentence) => surroundings.violate(sentence),
      get isFaulty() {
        return surroundings.isFaulty || isAway();
      },
      get isClosing() {
        return surroundings.isClosing;
      },
    };
  }

  /** Changes the store's weather from time to time, until the world is over. In quiet hours it is fair. */
  async stir(calendar: Calendar): Promise<void> {
    while (!calendar.isOver) {
      this.#set(this.#random.chance(0.5) ? fairWeather : this.#drawWeather());
      await this.#world.scheduler.sleep(this.#random.real(50, 1_000));
      if (calendar.quiet > 0) this.#set(fairWeather);
      await calendar.sleep(0);
    }
    this.#set(fairWeather);
  }

  #set(weather: StoreWeather): void {
    const { scheduler } = this.#world;
    if (this.#awayUntil === Number.POSITIVE_INFINITY) this.#awayUntil = scheduler.time + aftermath;
    this.#store.weather = weather;
    if (weather !== fairWeather) this.#awayUntil = Number.POSITIVE_INFINITY;
  }

  #drawWeather(): StoreWeather {
    const random = this.#random;
    const isAway = random.chance(0.2);
    return {
      delayMax: random.pick([1, 1, 5, 50]),
      cut: isAway ? 1 : random.pick([0, 0.02, 0.1]),
      lost: random.pick([0, 0.02, 0.2]),
      silence: random.pick([0, 0, 0, 0.02]),
      error: random.pick([0, 0.02, 0.1]),
    };
  }

  /**
   * Looks at the bucket while a healthy server runs: in the end, what notes name is there as it was, and
   * nothing else but what documents allow.
   */
  async audit(): Promise<void> {
    const { scheduler, storage } = this.#world;
    const objects = this.#store.s3.buckets.buckets.get(bucket)!.objects;
    const troubles = () => archiveTroubles(storage, objects, prefix);
    // Passes come as seldom as every minute, and a store that was silent is asked again after half a minute.
    for (let waited = 0; waited < settleMsMax && troubles().length > 0; waited += lookMs)
      await scheduler.sleep(lookMs);
    for (const sentence of troubles()) this.#world.violate(sentence);
  }
}

const settleMsMax: Millis = 240_000;
const lookMs: Millis = 2_000;
