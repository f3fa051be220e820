import assert from 'node:assert/strict';
import { type Catalog, openCatalog } from '../../../src/catalog/catalog.ts';
import { fulfil, planReshard, type ReshardChange } from '../../../src/catalog/reshard.ts';
import { findStream, streamKeyOf } from '../../../src/catalog/state.ts';
import type { Placement } from '../../../src/cluster/placement.ts';
import { runDeliveries } from '../../../src/delivery/deliveries.ts';
import type { DeliverySpec, ObjectTarget } from '../../../src/delivery/delivery-spec.ts';
import type {
  DeliverySight,
  DeliveryWorld,
  RunningDeliveries,
  TransformAnswer,
} from '../../../src/delivery/delivery-world.ts';
import type { DeliveryJournal, DeliveryProgress } from '../../../src/delivery/state/delivery-state.ts';
import { openDeliveryJournal } from '../../../src/delivery/state/open-delivery-journal.ts';
import type { HttpClient } from '../../../src/env/http-client.ts';
import type { LogFields } from '../../../src/env/logger.ts';
import type {
  ByteRange,
  FoundObject,
  FoundRange,
  ObjectPlace,
  ObjectStore,
} from '../../../src/env/object-store.ts';
import type { Workers } from '../../../src/env/workers.ts';
import { openCatalog as openTables } from '../../../src/iceberg/open-catalog.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import { Condition } from '../../../src/log/condition.ts';
import { type Engine, type Records, UnavailableError } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { noClient } from '../../services/kinesis/no-network.ts';
import { ObjectsInMemory } from '../objects-in-memory.ts';
import { ThreadsInProcess } from '../threads-in-process.ts';

function clockOfDeliveries(): ManualClock {
  const clock = new ManualClock(1_700_000_000_000);
  clock.follow({ turns: 8 });
  return clock;
}

/** A stream that is delivered to a store in memory, whatever ends those that deliver it. */
export class DeliveryTestWorld {
  readonly clock = clockOfDeliveries();
  readonly log: Engine = openMemoryLog(this.clock);
  readonly store = new ObjectsInMemory(this.clock);
  /** What deliveries put to, if that is another one. */
  objects: ObjectStore | undefined = this.store;
  /** What HTTP endpoints are reached with. */
  client: HttpClient = noClient;
  readonly said: (readonly [message: string, fields: LogFields | undefined])[] = [];
  readonly counts = new Map<string, number>();
  readonly trimmed = new Map<number, number>();
  /** What functions that transform were invoked with. */
  readonly events: string[] = [];
  transform: (event: string) => TransformAnswer | Promise<TransformAnswer> = () => {
    throw new Error('no function');
  };
  /** Shards whose log does not answer. */
  readonly unreadable = new Set<number>();
  /** Why nothing is sent where it is to go, and why nothing may be read. */
  refusal: string | undefined;
  denial: string | undefined;
  isPlacedHere = true;
  isToMove = false;
  terms = 1;
  /** Has what runs look at other specs. */
  #specs: readonly DeliverySpec[] = [];
  readonly #wanted = new Condition();
  readonly #placed = new Set<() => void>();
  readonly #random = new TestRandom(7);
  #journal: DeliveryJournal | undefined;
  #catalog: Catalog | undefined;
  #life: Life | undefined;
  /** A thread for formatting, where it is to be another one. */
  workers: Workers | undefined;

  static async with(changes: Partial<DeliverySpec> = {}, shards = 1): Promise<DeliveryTestWorld> {
    const world = new DeliveryTestWorld();
    world.#journal = await openDeliveryJournal(openMemoryLog(world.clock));
    world.#catalog = await openCatalog(openMemoryLog(world.clock));
    const stream = sampleStream(shards);
    await world.catalog.commit(() => [{ kind: 'stream-created', stream }]);
    world.want(specOf(changes));
    return world;
  }

  get journal(): DeliveryJournal {
    assert(this.#journal !== undefined);
    return this.#journal;
  }

  get catalog(): Catalog {
    assert(this.#catalog !== undefined);
    return this.#catalog;
  }

  get stream(): Stream {
    const stream = findStream(this.catalog.state, sampleStream(1));
    assert(stream !== undefined);
    return stream;
  }

  get specs(): readonly DeliverySpec[] {
    return this.#specs;
  }

  want(...specs: readonly DeliverySpec[]): void {
    this.#specs = specs;
    this.#wanted.announce();
  }

  get progress(): DeliveryProgress | undefined {
    return this.journal.state.get('progress', specOf().id);
  }

  get sight(): DeliverySight {
    const [sight] = this.#life?.running.sight() ?? [];
    assert(sight !== undefined);
    return sight;
  }

  async lookAround(): Promise<DeliverySight> {
    await this.#life?.running.lookAround();
    return this.sight;
  }

  /** The lines of all objects of a bucket, each object's together, by their names in order. */
  objectsIn(bucket: string): readonly (readonly string[])[] {
    return this.namesIn(bucket).map((name) => linesOf(this.store.objects.get(name)!));
  }

  namesIn(bucket: string): readonly string[] {
    return [...this.store.objects.keys()].filter((name) => name.startsWith(`${bucket}/`)).sort();
  }

  /** All records that were delivered, sorted. */
  get delivered(): readonly string[] {
    return this.objectsIn('b').flat().sort();
  }

  start(): void {
    this.#life = new Life(this, this.#random);
  }

  get isRunning(): boolean {
    return this.#life?.isDead === false;
  }

  /** Has what runs end at one of the next times that it asks for something of the outside world. */
  crashSoon(asked: number): void {
    this.#life?.crashSoon(asked);
  }

  /** Has what runs end when it asks for something the next time, before or after it is done. */
  crashAt(what: string, when: 'before' | 'after'): void {
    this.#life?.crashAt(what, when);
  }

  /** What ran is not heard of any more; what it had asked for may be done. */
  crash(): void {
    this.#life?.kill();
    this.#life = undefined;
  }

  async stop(): Promise<void> {
    assert(this.#life !== undefined);
    let isOver = false;
    const stopped = this.#life.running[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await this.until(() => isOver);
    await stopped;
    this.#life = undefined;
  }

  async put(shard: number, ...texts: readonly string[]): Promise<void> {
    await this.putBytes(shard, ...texts.map((text) => Buffer.from(text)));
  }

  async putBytes(shard: number, ...datas: readonly Buffer[]): Promise<void> {
    const records = datas.map((data) => ({ partitionKey: 'k', data }));
    await this.log.append({ stream: this.stream.id, shard }, encodeBatch(records));
  }

  /** As the lifecycle does it: parents are sealed, then children are open. */
  async reshard(change: ReshardChange): Promise<void> {
    const { stream } = this;
    const plan = planReshard(stream, change);
    const ends = new Map<number, number>();
    for (const index of plan.parents)
      ends.set(index, await this.log.seal({ stream: stream.id, shard: index }));
    const replaced = fulfil(stream, plan, ends, this.clock.now());
    await this.catalog.commit(() => [{ kind: 'shards-replaced', key: streamKeyOf(stream), ...replaced }]);
  }

  /** Lets time pass until something is so. */
  async until(isSo: () => boolean, limitMs = 3_600_000, stepMs = 100): Promise<void> {
    for (let passed = 0; !isSo(); passed += stepMs) {
      assert(
        passed < limitMs,
        `what is waited for does not come: ${JSON.stringify(this.said.at(-1))}, ${String(this.said.at(-1)?.[1]?.['error'])}`,
      );
      await this.clock.advance(stepMs);
    }
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  place(isHere: boolean): void {
    if (isHere) this.terms += 1;
    this.isPlacedHere = isHere;
    this.tellPlaces();
  }

  tellPlaces(): void {
    for (const changed of [...this.#placed]) changed();
  }

  wantedChanged(signal: AbortSignal): Promise<void> {
    const specs = this.#specs;
    return this.#wanted.until(() => this.#specs !== specs, signal);
  }

  get placement(): Placement {
    const terms = () => this.terms;
    return {
      hold: () => ({
        isOurs: () => this.isPlacedHere,
        get term() {
          return terms();
        },
        isToMove: () => this.isToMove,
        handOver: () => {
          this.isToMove = false;
          this.place(false);
        },
        changed: (signal) =>
          new Promise((resolve) => {
            if (signal.aborted) return resolve();
            const wake = () => {
              this.#placed.delete(wake);
              resolve();
            };
            this.#placed.add(wake);
            signal.addEventListener('abort', wake);
          }),
        [Symbol.dispose]() {},
      }),
    };
  }
}

export function linesOf(body: Buffer): string[] {
  return body
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

export function targetOf(bucket: string, prefix = ''): ObjectTarget {
  const names = { kind: 'firehose', prefix, extension: undefined, timeZone: 'UTC' } as const;
  return { bucket, names, compression: 'NONE' };
}

/** Lines of text, from a stream of one's own from its beginning, by 100 bytes or 10 seconds. */
export function specOf(changes: Partial<DeliverySpec> = {}): DeliverySpec {
  const { account, region, name, id } = sampleStream(1);
  return {
    id: 'firehose/1',
    revision: '1',
    owner: {
      kind: 'firehose',
      ...{ account, region, name: 'lines', number: '1' },
      arn: `arn:aws:firehose:${region}:${account}:deliverystream/lines`,
    },
    source: {
      stream: { account, region, name },
      streamId: id,
      arn: `arn:aws:kinesis:${region}:${account}:stream/${name}`,
      start: { kind: 'TRIM_HORIZON' },
      isOnce: false,
    },
    buffering: { bytes: 100, ms: 10_000 },
    stages: {
      ...{ takesKplApart: false, isSchemaRegistry: false, decompresses: false },
      delimiter: Buffer.from('\n').toString('base64'),
    },
    destination: { kind: 's3', target: targetOf('b'), form: { kind: 'text', compression: 'NONE' } },
    errors: targetOf('errors'),
    ...changes,
  };
}

/** One process's worth of deliveries. */
class Life {
  readonly running: RunningDeliveries;
  isDead = false;
  #asks = Number.POSITIVE_INFINITY;
  #last: { readonly what: string; readonly when: 'before' | 'after' } | undefined;

  constructor(world: DeliveryTestWorld, random: TestRandom) {
    this.running = runDeliveries(this.#deliveryWorld(world, random));
  }

  kill(): void {
    this.isDead = true;
  }

  crashSoon(asks: number): void {
    this.#asks = asks;
  }

  crashAt(what: string, when: 'before' | 'after'): void {
    this.#last = { what, when };
  }

  /** Every other time after what is asked for was done, though nobody heard. */
  #ask(what: string, when: 'before' | 'after'): void {
    this.#asks -= 0.5;
    if (this.#asks < 0) this.isDead = true;
    if (this.#last?.what === what && this.#last.when === when) this.isDead = true;
  }

  /** Never settles once the life is over. */
  async #alive<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#ask(what, 'before');
    if (this.isDead) return await never();
    try {
      const value = await work();
      this.#ask(what, 'after');
      return this.isDead ? await never() : value;
    } catch (error) {
      this.#ask(what, 'after');
      if (this.isDead) return await never();
      throw error;
    }
  }

  #deliveryWorld(world: DeliveryTestWorld, random: TestRandom): DeliveryWorld {
    const { journal, catalog, clock, log } = world;
    const say = (message: string, fields?: LogFields) => {
      if (!this.isDead) world.said.push([message, fields]);
    };
    const objects = world.objects && this.#objects(world.objects);
    return {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        turn: () => clock.turn(),
        sleep: (delay, signal) => this.#alive('sleep', () => clock.sleep(delay, signal)),
      },
      random,
      logger: { debug() {}, info() {}, warn: say, error: say },
      client: world.client,
      workers: world.workers ?? new ThreadsInProcess(clock, random),
      journal: {
        get state() {
          return journal.state;
        },
        current: () => this.#alive('current', () => journal.current()),
        commit: (decide) => this.#alive('commit', () => journal.commit(decide)),
        changed: (signal) => this.#alive('changed', () => journal.changed(signal)),
      },
      catalog: {
        get state() {
          return catalog.state;
        },
        current: () => this.#alive('current', () => catalog.current()),
        commit: (decide) => this.#alive('commit', () => catalog.commit(decide)),
        changed: (signal) => this.#alive('changed', () => catalog.changed(signal)),
      },
      log: this.#records(world),
      trim: (key, before) =>
        this.#alive('trim', async () => {
          world.trimmed.set(key.shard, before);
          await log.trim(key, before);
        }),
      placement: world.placement,
      objects,
      catalogOf: (spec) => {
        assert(objects !== undefined);
        return openTables(spec, {
          clock,
          random,
          objects,
          client: world.client,
          signing: undefined,
          bearer: undefined,
        });
      },
      functions: {
        invoke: (_arn, _role, payload) =>
          this.#alive('invoke', async () => {
            world.events.push(payload.toString());
            return await world.transform(payload.toString());
          }),
      },
      rights: {
        refusalOf: () => world.refusal,
        requireToRead: () => {
          if (world.denial !== undefined) throw new Error(world.denial);
        },
      },
      metrics: {
        count: (_spec, metric, value) => world.counts.set(metric, (world.counts.get(metric) ?? 0) + value),
      },
      wanted: {
        all: () => world.specs,
        changed: (signal) => this.#alive('changed', () => world.wantedChanged(signal)),
      },
    };
  }

  #records({ log, unreadable }: DeliveryTestWorld): Records {
    return {
      append: () => never(),
      read: (key, request) =>
        this.#alive('read', async () => {
          if (unreadable.has(key.shard)) throw new UnavailableError('The log does not answer.');
          return await log.read(key, request);
        }),
      seek: (key, time) => this.#alive('seek', () => log.seek(key, time)),
      position: (key) => this.#alive('position', () => log.position(key)),
      grown: (key, past, signal) => this.#alive('grown', () => log.grown(key, past, signal)),
    };
  }

  #objects(store: ObjectStore): ObjectStore {
    const { partBytesMax } = store;
    return {
      ...(partBytesMax !== undefined && { partBytesMax }),
      put: (...call) => this.#alive('put', () => store.put(...call)),
      get: ((place: ObjectPlace, range?: ByteRange) =>
        this.#alive<FoundObject | FoundRange | undefined>('get', () =>
          range === undefined ? store.get(place) : store.get(place, range),
        )) as ObjectStore['get'],
      head: (...call) => this.#alive('head', () => store.head(...call)),
      list: (...call) => this.#alive('list', () => store.list(...call)),
      delete: (...call) => this.#alive('delete', () => store.delete(...call)),
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
