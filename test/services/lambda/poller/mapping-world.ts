import assert from 'node:assert/strict';
import { type Catalog, openCatalog } from '../../../../src/catalog/catalog.ts';
import { fulfil, planReshard, type ReshardChange } from '../../../../src/catalog/reshard.ts';
import { findStream, streamKeyOf } from '../../../../src/catalog/state.ts';
import type { Placement } from '../../../../src/cluster/placement.ts';
import { formatStreamArn, parseStreamOf } from '../../../../src/kinesis/arn.ts';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { isServing, type Stream } from '../../../../src/kinesis/stream.ts';
import type { Engine, Records } from '../../../../src/log/log.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import type { FailureDestination, GivenUp } from '../../../../src/services/lambda/failures/destinations.ts';
import type { KeptRecord } from '../../../../src/services/lambda/failures/failure-store.ts';
import type {
  FunctionTarget,
  InvokeHow,
  InvokeOutcome,
} from '../../../../src/services/lambda/functions/functions.ts';
import { SourceError } from '../../../../src/services/lambda/mappings/source-access.ts';
import type { PollerWorld, RunningMappings } from '../../../../src/services/lambda/poller/poller-world.ts';
import { runMappings } from '../../../../src/services/lambda/poller/running-mappings.ts';
import type {
  Cursor,
  FailureRecord,
  LambdaEdit,
  LambdaJournal,
  MappingRecord,
} from '../../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { sampleStream } from '../../../kinesis/sample.ts';
import { TestRandom } from '../../../log/world.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';

/** An event as functions get it. */
export type Event = {
  readonly Records: readonly EventRecord[];
  readonly window?: { readonly start: string; readonly end: string };
  readonly state?: Record<string, unknown>;
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
};

export type EventRecord = {
  readonly eventID: string;
  readonly eventSourceARN: string;
  readonly kinesis: {
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    readonly data: string;
    readonly approximateArrivalTimestamp: number;
  };
};

/** What a scripted function does with an event: answers, throws a `FunctionFailure`, or is refused. */
export type Script = (event: Event) => unknown;

/** The function was entered, and failed. */
export class FunctionFailure extends Error {}

/** The function was not entered. */
export class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export const role = 'arn:aws:iam::000000000000:role/r';
export const uuid = 'm';

export function dataOf({ kinesis }: EventRecord): string {
  return Buffer.from(kinesis.data, 'base64').toString();
}

function clockOfMappings(): ManualClock {
  const clock = new ManualClock(1_700_000_000_000);
  clock.follow({ turns: 3 });
  return clock;
}

/** A stream, a function that follows a script, and a mapping of both, whatever runs it. */
export class MappingWorld {
  readonly clock = clockOfMappings();
  readonly log: Engine = openMemoryLog(this.clock);
  readonly warnings: string[] = [];
  readonly events: Event[] = [];
  /** What was handed to destinations. */
  readonly sent: (GivenUp & { readonly destination: FailureDestination })[] = [];
  readonly kept: KeptRecord[] = [];
  readonly ages: number[] = [];
  readonly counts = new Map<string, number>();
  /** What happened, in order. */
  readonly history: string[] = [];
  script: Script = () => null;
  /** How long functions take, by the clock. */
  latencyMs: () => number = () => 0;
  /** Told when a call has answered. */
  answered: (event: Event) => void = () => {};
  /** What others have committed by the time that the journal is read to its end. */
  beforeRead: () => Promise<unknown> = async () => {};
  /** Answers of functions are held back while it is set. */
  isHeld = false;
  /** The function's concurrency is 0. */
  isThrottled = false;
  refusesDestination = false;
  isDenied = false;
  isPlacedHere = true;
  /** Another one is to run all shards. */
  isToMove = false;
  /** How often they have come here. */
  terms = 1;
  filter: (data: Uint8Array) => boolean = () => true;
  readonly #releases: (() => void)[] = [];
  readonly #placed = new Set<() => void>();
  #journal: LambdaJournal | undefined;
  #catalog: Catalog | undefined;
  #life: Life | undefined;

  static async with(settings: Partial<MappingRecord> = {}, shards = 1): Promise<MappingWorld> {
    const world = new MappingWorld();
    world.#journal = await openLambdaJournal(openMemoryLog(world.clock));
    world.#catalog = await openCatalog(openMemoryLog(world.clock));
    const stream = sampleStream(shards);
    await world.catalog.commit(() => [{ kind: 'stream-created', stream }]);
    await world.journal.commit(() => [
      { kind: 'said', of: 'function', key: '000000000000/us-east-1/f', value: functionRecord },
      { kind: 'said', of: 'mapping', key: uuid, value: { ...mappingRecord, ...settings } },
    ]);
    return world;
  }

  get journal(): LambdaJournal {
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

  get running(): RunningMappings {
    assert(this.#life !== undefined);
    return this.#life.running;
  }

  get calls(): string[][] {
    return this.events.map(({ Records }) => Records.map(dataOf));
  }

  /** The data of all records that functions were called with, by call. */
  cursor(shard = 0): Cursor | undefined {
    return this.journal.state.get('cursor', `${uuid}/${this.stream.id}/${shard}`);
  }

  get failures(): readonly FailureRecord[] {
    return [...this.journal.state.within('failure', `${uuid}/`)].map(([, failure]) => failure);
  }

  get mapping(): MappingRecord {
    const mapping = this.journal.state.get('mapping', uuid);
    assert(mapping !== undefined);
    return mapping;
  }

  start(): void {
    this.#life = new Life(this);
  }

  /** Has what runs end at one of the next times that it asks for something of the outside world. */
  crashSoon(asked: number): void {
    this.#life?.crashSoon(asked);
  }

  get isRunning(): boolean {
    return this.#life?.isDead === false;
  }

  /** What ran is not heard of any more, at whatever it was; what it had asked of logs may be done. */
  crash(): void {
    this.#life?.kill();
    this.#life = undefined;
  }

  async stop(): Promise<void> {
    const stopped = this.running[Symbol.asyncDispose]();
    let isOver = false;
    const over = stopped.then(() => {
      isOver = true;
    });
    await this.until(() => isOver);
    await over;
  }

  /** Appends records, `key=data` each, in a batch. */
  async put(shard: number, ...texts: string[]): Promise<void> {
    const records = texts.map((text) => {
      const [partitionKey, data] = text.split('=');
      return { partitionKey, data: Buffer.from(data ?? text) };
    });
    await this.log.append({ stream: this.stream.id, shard }, encodeBatch(records));
  }

  async update(changes: Partial<MappingRecord>): Promise<void> {
    await this.journal.commit((state): LambdaEdit[] => [
      { kind: 'said', of: 'mapping', key: uuid, value: { ...state.get('mapping', uuid)!, ...changes } },
    ]);
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
  async until(isSo: () => boolean, limitMs = 600_000): Promise<void> {
    for (let passed = 0; !isSo(); passed += 10) {
      assert(passed < limitMs, 'what is waited for does not come');
      await this.clock.advance(10);
    }
  }

  /** Lets everything happen for a while. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  release(): void {
    this.isHeld = false;
    for (const release of this.#releases.splice(0)) release();
  }

  place(isHere: boolean): void {
    if (isHere) this.terms += 1;
    this.isPlacedHere = isHere;
    this.tellPlaces();
  }

  tellPlaces(): void {
    for (const changed of [...this.#placed]) changed();
  }

  async invoke(payload: Uint8Array, { patienceMs = 0 }: InvokeHow): Promise<InvokeOutcome> {
    if (this.isThrottled) {
      await this.clock.sleep(patienceMs);
      if (this.isThrottled) throw new Refusal('TooManyRequestsException', 'Rate Exceeded.');
    }
    const event = JSON.parse(Buffer.from(payload).toString()) as Event;
    let answer: unknown;
    let functionError: 'Unhandled' | undefined;
    try {
      answer = this.script(event);
      this.#entered(event);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      assert(error instanceof FunctionFailure, String(error));
      this.#entered(event);
      functionError = 'Unhandled';
      answer = { errorType: 'Error', errorMessage: error.message };
    }
    const latencyMs = this.latencyMs();
    if (latencyMs > 0) await this.clock.sleep(latencyMs);
    if (this.isHeld) await new Promise<void>((resolve) => this.#releases.push(resolve));
    this.answered(event);
    const body = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer ?? null));
    const requestId = `request-${this.events.length}`;
    return {
      ...{ requestId, executedVersion: '$LATEST', payload: body, functionError },
      ...{ logTail: Buffer.alloc(0), took: 1 },
    };
  }

  #entered(event: Event): void {
    this.events.push(event);
    this.history.push(`call ${event.Records.map(dataOf).join(' ')}`);
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
          this.history.push(`handed over at ${this.cursor()?.marks}`);
          this.isToMove = false;
          this.place(false);
        },
        changed: (signal) =>
          new Promise((resolve) => {
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

/** One process's worth of running mappings. */
class Life {
  readonly running: RunningMappings;
  isDead = false;
  #asks = Number.POSITIVE_INFINITY;

  constructor(world: MappingWorld) {
    this.running = runMappings(this.#pollerWorld(world));
  }

  kill(): void {
    this.isDead = true;
  }

  crashSoon(asks: number): void {
    this.#asks = asks;
  }

  /** Every other time after what is asked for was done, though nobody heard. */
  #ask(): void {
    this.#asks -= 0.5;
    if (this.#asks < 0) this.isDead = true;
  }

  /** Never settles once the life is over. */
  async #alive<T>(work: () => Promise<T>): Promise<T> {
    this.#ask();
    if (this.isDead) return await never();
    try {
      const value = await work();
      this.#ask();
      return this.isDead ? await never() : value;
    } catch (error) {
      if (this.isDead) return await never();
      throw error;
    }
  }

  #pollerWorld(world: MappingWorld): PollerWorld {
    const { journal, catalog, clock } = world;
    const say = (message: string) => {
      if (!this.isDead) world.warnings.push(message);
    };
    return {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        turn: () => clock.turn(),
        sleep: (delay, signal) => this.#alive(() => clock.sleep(delay, signal)),
      },
      logger: { debug() {}, info() {}, warn: say, error: say },
      random: new TestRandom(7),
      journal: {
        get state() {
          return journal.state;
        },
        current: () =>
          this.#alive(async () => {
            await world.beforeRead();
            return await journal.current();
          }),
        commit: (decide) => this.#alive(() => journal.commit(decide)),
        changed: (signal) => this.#alive(() => journal.changed(signal)),
      },
      catalog: {
        get state() {
          return catalog.state;
        },
        current: () => this.#alive(() => catalog.current()),
        commit: (decide) => this.#alive(() => catalog.commit(decide)),
        changed: (signal) => this.#alive(() => catalog.changed(signal)),
      },
      log: this.#records(world.log),
      ...this.#outside(world),
      placement: world.placement,
      filterOf: () => (data) => world.filter(data),
      sources: {
        find(source) {
          const stream = findStream(catalog.state, parseStreamOf(source)!);
          if (world.isDenied) throw new SourceError(`Cannot access stream ${source}.`, 'denied');
          if (stream === undefined || !isServing(stream))
            throw new SourceError(`Stream not found: ${source}`, 'missing');
          return { stream, arn: source, requireKeys() {} };
        },
      },
    };
  }

  #outside(world: MappingWorld): Pick<PollerWorld, 'functions' | 'failures' | 'destinations' | 'metrics'> {
    return {
      functions: {
        invoke: (_target: FunctionTarget, payload, how) => this.#alive(() => world.invoke(payload, how)),
      },
      failures: {
        keep: (_mapping, records) =>
          this.#alive(async () => {
            const first = world.kept.length;
            world.kept.push(...records.map((record) => ({ ...record, data: Buffer.from(record.data) })));
            world.history.push('kept');
            return { first, count: records.length, last: first };
          }),
        read: async () => undefined,
        tick: async () => {},
      },
      destinations: {
        send: (destination, failure) =>
          this.#alive(async () => {
            if (world.refusesDestination) throw new Error('The queue is gone.');
            world.sent.push({ destination, ...failure });
            world.history.push('sent');
          }),
      },
      metrics: {
        count: (_mapping, metric, records) =>
          world.counts.set(metric, (world.counts.get(metric) ?? 0) + records),
        iteratorAge: (_mapping, age) => world.ages.push(age),
        invoked() {},
      },
    };
  }

  #records(log: Records): Records {
    return {
      append: (key, batch) => this.#alive(() => log.append(key, batch)),
      read: (key, request) => this.#alive(() => log.read(key, request)),
      seek: (key, time) => this.#alive(() => log.seek(key, time)),
      position: (key) => this.#alive(() => log.position(key)),
      grown: (key, past, signal) => this.#alive(() => log.grown(key, past, signal)),
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

const source = formatStreamArn(sampleStream(1));

const mappingRecord: MappingRecord = {
  account: '000000000000',
  region: 'us-east-1',
  uuid,
  source,
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  batchSize: 100,
  windowSeconds: 0,
  parallelization: 1,
  start: { kind: 'TRIM_HORIZON' },
  maximumAgeSeconds: -1,
  retries: -1,
  bisects: false,
  tumblingSeconds: 0,
  reportsItemFailures: false,
  countsEvents: true,
  filters: [],
  tags: {},
  state: 'Enabled',
  isEnabled: true,
  reason: 'User action',
  modifiedAt: 0,
  nextFailure: 1,
};

const functionRecord = {
  account: '000000000000',
  region: 'us-east-1',
  name: 'f',
  id: 'id-f',
  tags: {},
  nextVersion: 1,
  policies: {},
  description: '',
  role,
  timeoutSeconds: 3,
  memoryMiB: 128,
  storageMiB: 512,
  environment: {},
  architecture: 'x86_64',
  tracing: 'PassThrough',
  code: { kind: 'attached' },
  modifiedAt: 0,
  revision: 'r',
  echoed: {},
} as const;
