import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../env/clock.ts';
import type { MeterReadings, Reading, ShardHeat } from '../stream/meter/counts.ts';
import type { Sketched } from '../stream/meter/meter.ts';
import type { MeterPage } from '../stream/meter/meter-page.ts';
import { ReadingSum } from '../stream/meter/reading-sum.ts';
import { askAll } from './ask-all.ts';
import type { Peers } from './peers.ts';
import type { RecordsClient } from './records-client.ts';
import type { ServerMeter } from './server-meter.ts';
import { shardsInSteps, streamHeat } from './stream-heat.ts';

export type ClusterMeterWorld = {
  readonly clock: Pick<Clock, 'now' | 'sleep' | 'turn'>;
  readonly catalog: Pick<Catalog, 'state'>;
  readonly peers: Pick<Peers, 'links'>;
};

/** What all gateways of a cluster have counted, as far as they can be asked. */
export class ClusterMeter implements MeterReadings {
  readonly #own: ServerMeter;
  readonly #world: ClusterMeterWorld;

  constructor(own: ServerMeter, world: ClusterMeterWorld) {
    this.#own = own;
    this.#world = world;
  }

  async read(of: 'server' | 'cluster'): Promise<Reading> {
    if (of === 'server') return await this.#own.read();
    const { peers, clock } = this.#world;
    const sum = new ReadingSum(clock.now());
    const [own, others] = await Promise.all([this.#own.pages(), askAll(peers, clock, pagesOf)]);
    await this.#own.addTo(sum, [...own, ...others]);
    return sum.reading;
  }

  async heatOf(stream: string): Promise<ReadonlyMap<number, ShardHeat>> {
    const { peers, clock, catalog } = this.#world;
    const steps = shardsInSteps(catalog, stream);
    const questions = steps.map((shards) => ({ stream, shards: shards.map(({ index }) => index) }));
    const others = askAll(peers, clock, (client, signal) => sketchesOf(client, signal, questions));
    const told: Sketched[] = [];
    for (const { shards } of questions) told.push(...(await this.#own.sketchesOf(stream, shards)));
    return await streamHeat(steps, [...told, ...(await others)], () => clock.turn());
  }
}

/** All that one gateway tells; nothing of one that does not tell all of it. */
async function pagesOf(client: RecordsClient, signal: AbortSignal): Promise<MeterPage[] | undefined> {
  const pages: MeterPage[] = [];
  for (let told: MeterTelling | undefined; ; ) {
    const asked = { telling: told?.telling, nth: pages.length };
    told = await client.askUntil(signal, 'metered', asked);
    if (told === undefined) return undefined;
    pages.push(told.page);
    if (pages.length === told.count) return pages;
  }
}

/** The same of sketches. */
async function sketchesOf(
  client: RecordsClient,
  signal: AbortSignal,
  questions: readonly SketchesQuestion[],
): Promise<Sketched[] | undefined> {
  const all: Sketched[] = [];
  for (const question of questions) {
    const told = await client.askUntil(signal, 'sketches', question);
    if (told === undefined) return undefined;
    all.push(...told);
  }
  return all;
}

/** Which sketches are asked for: of shards of a stream by its id. */
export type SketchesQuestion = { readonly stream: string; readonly shards: readonly number[] };

/** The next page of what a gateway tells another one; the first without a number. */
export type MeterTellingQuestion = { readonly telling: number | undefined; readonly nth: number };

/** A page of what a gateway has counted by a time, with the number by which the other ones are asked for. */
export type MeterTelling = { readonly telling: number; readonly count: number; readonly page: MeterPage };

/** What a gateway tells others that it has counted: each time as it was when they began to ask. */
export class MeterTellings {
  readonly #own: Pick<ServerMeter, 'pages'>;
  readonly #tellings = new Map<number, readonly MeterPage[]>();
  #numbered = 0;

  constructor(own: Pick<ServerMeter, 'pages'>) {
    this.#own = own;
  }

  /** Undefined when it is no longer told, because others have asked since. */
  async tell({ telling: asked, nth }: MeterTellingQuestion): Promise<MeterTelling | undefined> {
    const telling = asked ?? (await this.#begin());
    const pages = this.#tellings.get(telling);
    const page = pages?.[nth];
    if (pages === undefined || page === undefined) return undefined;
    if (nth + 1 === pages.length) this.#tellings.delete(telling);
    return { telling, count: pages.length, page };
  }

  async #begin(): Promise<number> {
    const pages = await this.#own.pages();
    this.#numbered += 1;
    this.#tellings.set(this.#numbered, pages);
    if (this.#tellings.size > tellingsMax) this.#tellings.delete(this.#tellings.keys().next().value!);
    return this.#numbered;
  }
}

/** More gateways than ask at a time; a telling is a copy of what was counted. */
const tellingsMax = 8;
