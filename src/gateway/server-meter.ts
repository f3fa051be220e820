import type { Clock } from '../env/clock.ts';
import type { MeterReadings, Reading, ShardHeat } from '../stream/meter/counts.ts';
import { Meter, type MeterWorld, type Sketched } from '../stream/meter/meter.ts';
import type { MeterPage } from '../stream/meter/meter-page.ts';
import { ReadingSum } from '../stream/meter/reading-sum.ts';
import { allPages, type MeterSource } from './meter-source.ts';
import { shardsInSteps, streamHeat } from './stream-heat.ts';

export type ServerMeterWorld = MeterWorld & { readonly clock: Pick<Clock, 'turn'> };

/**
 * What all threads of a server have counted. They are asked when somebody looks, and then only: nothing is
 * sent while nobody does.
 */
export class ServerMeter implements MeterReadings {
  /** That of this thread. */
  readonly own: Meter;
  readonly #world: ServerMeterWorld;
  /** Those of the workers. */
  readonly #others = new Set<MeterSource>();
  /** How often threads have come and gone. */
  #changes = 0;

  constructor(world: ServerMeterWorld) {
    this.own = new Meter(world);
    this.#world = world;
  }

  join(worker: MeterSource): void {
    this.#others.add(worker);
    this.#changes += 1;
  }

  /** A worker ends: what it has counted by now counts here. Told its pages one by one. */
  leave(worker: MeterSource, page?: MeterPage): void {
    this.#others.delete(worker);
    if (page !== undefined) this.own.include(page);
    this.#changes += 1;
  }

  /** This server's alone: see `MeterReadings`. */
  async read(): Promise<Reading> {
    const sum = new ReadingSum(this.#world.clock.now());
    await this.addTo(sum, await this.pages());
    return sum.reading;
  }

  async heatOf(stream: string): Promise<ReadonlyMap<number, ShardHeat>> {
    const { catalog, clock } = this.#world;
    const steps = shardsInSteps(catalog, stream);
    const told: Sketched[] = [];
    for (const shards of steps)
      told.push(
        ...(await this.sketchesOf(
          stream,
          shards.map(({ index }) => index),
        )),
      );
    return await streamHeat(steps, told, () => clock.turn());
  }

  /**
   * What was counted, page by page. When a thread ends meanwhile, it is begun again: otherwise what that
   * thread has counted could be missing, or there twice.
   */
  async pages(): Promise<MeterPage[]> {
    const { clock } = this.#world;
    const turn = () => clock.turn();
    for (let tries = 1; ; tries++) {
      const changes = this.#changes;
      const sources = [this.own, ...this.#others];
      const pages = await Promise.all(sources.map((source) => allPages(source, turn)));
      const isWhole = changes === this.#changes && pages.every((told) => told !== undefined);
      if (isWhole || tries === triesMax) return pages.flatMap((told) => told ?? []);
    }
  }

  /** Adds pages, in steps. */
  async addTo(sum: ReadingSum, pages: readonly MeterPage[]): Promise<void> {
    for (const page of pages) {
      sum.add(page);
      await this.#world.clock.turn();
    }
  }

  /** Of shards of a stream by its id. */
  async sketchesOf(stream: string, shards: readonly number[]): Promise<readonly Sketched[]> {
    const sources = [this.own, ...this.#others];
    const told = await Promise.all(sources.map((source) => source.sketchesOf(stream, shards)));
    await this.#world.clock.turn();
    return told.flat();
  }
}

/** Workers come and go once a second at most. */
const triesMax = 4;
