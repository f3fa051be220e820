import { Bell } from '../../../env/bell.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached } from '../../../env/detached.ts';
import type { Offset, StoredBatch } from '../../../kinesis/record.ts';
import { type Closing, findShard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import { DroppedError, KeyError } from '../../../log/log.ts';
import { keyArnsOf } from '../../../stream/read.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import { type FoundSource, SourceError } from '../mappings/source-access.ts';
import type { FailureRecord, MappingRecord, OpenWindow } from '../state/lambda-state.ts';
import { backoffMs, type Piece } from './attempts.ts';
import type { Checkpoint, Progress } from './checkpoint.ts';
import type { CallSignals, FunctionCaller } from './function-caller.ts';
import type { GivingUp, Hopeless } from './giving-up.ts';
import { Lane, type LaneHost } from './lane.ts';
import { heldBytesOf, type PolledRecord } from './polled-record.ts';
import type { PollerWorld } from './poller-world.ts';
import type { ReadBudget } from './read-budget.ts';
import type { ShardMeter } from './shard-meter.ts';
import { ShardReader, type WasRead } from './shard-reader.ts';
import type { ShardSubject } from './shard-subject.ts';

/** What the lanes of a shard share with what runs them. */
export type LanesParts = {
  readonly world: PollerWorld;
  readonly budget: ReadBudget;
  readonly subject: ShardSubject;
  readonly caller: FunctionCaller;
  readonly givingUp: GivingUp;
  readonly checkpoint: Checkpoint;
  readonly meter: ShardMeter;
  readonly signals: CallSignals;
  /** The stream as it is now; undefined when it is not the mapping's any more. */
  readonly stream: () => Stream | undefined;
  /** Throws `SourceError` when the mapping's role may not read the stream any more. */
  readonly source: () => FoundSource;
  /** Whether the shard is run here still. */
  readonly isOurs: () => boolean;
  /** Has no call begun from now on. */
  readonly stop: () => void;
};

/** Where lanes begin, and where they end if that is before the shard does. */
export type LanesPlan = {
  readonly marks: readonly Offset[];
  readonly windows: Readonly<Record<number, OpenWindow>>;
  readonly until: Offset;
};

/** The lanes of a shard, as they are read for and run, until all of them have come to their end. */
export class ShardLanes implements LaneHost {
  readonly clock: Clock;
  readonly mapping: MappingRecord;
  readonly caller: FunctionCaller;
  readonly checkpoint: Checkpoint;
  readonly signals: CallSignals;
  readonly #parts: LanesParts;
  readonly #until: Offset;
  readonly #lanes: readonly Lane[];
  readonly #reader: ShardReader;
  readonly #bell: Bell;
  readonly #over = new AbortController();
  #closing: Closing | undefined;
  /** Where the shard ended when that was seen last; Infinity when it has grown since. */
  #tip: Offset = Number.POSITIVE_INFINITY;
  #seenEnd: Offset = -1;
  #watched: Offset | undefined;
  /** A shard that says that it has grown, and has not, is not asked again before. */
  #quietUntil: Millis = 0;
  #isOdd = false;
  #heldBytes = 0;
  #failures = 0;
  /** When those arrived that were read, and may not be handed on. */
  #refused: Millis | undefined;

  constructor(parts: LanesParts, { marks, windows, until }: LanesPlan) {
    const { world, subject, caller, checkpoint, signals } = parts;
    this.clock = world.clock;
    this.mapping = subject.mapping;
    this.caller = caller;
    this.checkpoint = checkpoint;
    this.signals = signals;
    this.#parts = parts;
    this.#until = until;
    this.#bell = new Bell(world.clock);
    this.#lanes = marks.map((mark, index) => new Lane(this, mark, windows[index]));
    const filter = world.filterOf(subject.mapping.filters);
    const { recordBytes } = caller.events;
    this.#reader = new ShardReader({ log: world.log, key: subject.key, filter, recordBytes }, this.#lanes);
    this.look();
  }

  /** Resolves when all lanes have come to their end, or it was stopped. */
  async run(): Promise<void> {
    const { stopping } = this.signals;
    const wakeAll = () => this.#wakeAll();
    stopping.addEventListener('abort', wakeAll, { signal: this.#over.signal });
    using _watch = this.#parts.budget.watch(wakeAll);
    try {
      await Promise.all([this.#read(), ...this.#lanes.map((lane) => lane.run())]);
    } finally {
      this.#over.abort(null);
      this.#parts.budget.free(this.#heldBytes);
    }
  }

  /** The catalog has changed. */
  look(): void {
    const stream = this.#parts.stream();
    const shard = stream && findShard(stream, this.#parts.subject.shard.index);
    if (shard === undefined) this.#parts.stop();
    else this.#closing = shard.closed;
    this.#quietUntil = 0;
    this.#wakeAll();
  }

  get progress(): Progress {
    const open = this.#lanes.flatMap(({ window }, index) =>
      window === undefined ? [] : [[index, window] as const],
    );
    return {
      marks: this.#lanes.map(({ mark }) => mark),
      windows: open.length === 0 ? undefined : Object.fromEntries(open),
    };
  }

  get isDone(): boolean {
    return this.#lanes.every(({ mark, window }) => mark >= this.end && window === undefined);
  }

  get end(): Offset {
    return Math.min(this.#until, this.#closing?.end ?? Number.POSITIVE_INFINITY);
  }

  get horizon(): Millis {
    const stream = this.#parts.stream() ?? this.#parts.subject.stream;
    return trimHorizon(stream, this.clock.now());
  }

  get stateBytes(): number {
    return this.#lanes.reduce((sum, { window }) => sum + Buffer.byteLength(window?.state ?? ''), 0);
  }

  get isPressed(): boolean {
    return this.#parts.budget.isFull;
  }

  isAtTip(next: Offset): boolean {
    return next >= this.#tip;
  }

  isReading(next: Offset): boolean {
    return next < this.#tip && this.#failures === 0;
  }

  isWhole({ end }: OpenWindow): boolean {
    return this.#closing !== undefined && this.#until > this.#closing.end && this.#closing.childrenAt >= end;
  }

  mayCall(): boolean {
    this.#watchLag();
    if (this.#parts.isOurs()) return true;
    this.#parts.stop();
    return false;
  }

  async giveUp(piece: Piece, why: Hopeless): Promise<FailureRecord | undefined> {
    return await this.#parts.givingUp.of(piece, why, this.signals.abandoned);
  }

  lose(records: readonly PolledRecord[]): void {
    this.#parts.meter.lost(records.length, 'the function did not succeed before they expired');
    this.#count('DroppedEventCount', records.length);
  }

  roomMade(): void {
    this.#bell.ring();
  }

  called(records: readonly PolledRecord[], undone: number): void {
    const { world, subject } = this.#parts;
    this.#count('InvokedEventCount', records.length);
    if (undone > 0) this.#count('FailedInvokeEventCount', undone);
    world.metrics.iteratorAge(
      subject.name,
      Math.max(0, this.clock.now() - records.at(-1)!.arrival),
      subject.shardId,
    );
  }

  passed(records: readonly PolledRecord[]): void {
    const bytes = records.reduce((sum, record) => sum + heldBytesOf(record), 0);
    this.#heldBytes -= bytes;
    this.#parts.budget.free(bytes);
    this.#parts.meter.done(records.length);
    this.#bell.ring();
  }

  /** `end` is where the shard ended when it was read last, so what is behind may be more. */
  get sight(): Pick<ShardSight, 'lag' | 'behindRecords' | 'timeToLoss'> {
    const lag = this.#lag;
    const stream = this.#parts.stream() ?? this.#parts.subject.stream;
    const mark = Math.min(...this.#lanes.map((lane) => lane.mark));
    const timeToLoss = lag === 0 ? undefined : Math.max(0, stream.retentionHours * 3_600_000 - lag);
    return { lag, behindRecords: Math.max(0, this.#seenEnd - mark), timeToLoss };
  }

  #watchLag(): void {
    this.#parts.meter.watch(this.#lag, this.#parts.stream() ?? this.#parts.subject.stream);
  }

  get #lag(): Millis {
    const arrivals = this.#lanes.flatMap(({ first }) => (first === undefined ? [] : [first.arrival]));
    if (this.#refused !== undefined) arrivals.push(this.#refused);
    return arrivals.length === 0 ? 0 : Math.max(0, this.clock.now() - Math.min(...arrivals));
  }

  #wakeAll(): void {
    this.#bell.ring();
    for (const lane of this.#lanes) lane.wake();
  }

  async #read(): Promise<void> {
    const isShown = () => this.#lanes.every(({ next }) => next >= this.end);
    while (!this.signals.stopping.aborted && !this.checkpoint.isLost && !isShown()) {
      const hungry = this.#lanes.filter((lane) => this.#isHungry(lane));
      if (hungry.length > 0) await this.#readFor(hungry);
      else await this.#bell.wait(this.#watchGrowth());
    }
    this.#wakeAll();
  }

  #isHungry(lane: Lane): boolean {
    if (lane.next >= Math.min(this.end, this.#tip) || !lane.queue.hasRoom()) return false;
    return !this.#parts.budget.isFull || lane.first === undefined;
  }

  /** Has the bell rung when the shard grows past what is known. Answers when to look again by itself. */
  #watchGrowth(): Millis {
    const tip = this.#tip;
    if (tip === Number.POSITIVE_INFINITY || this.#watched === tip) return Number.POSITIVE_INFINITY;
    if (this.#quietUntil > this.clock.monotonic()) return this.#quietUntil;
    this.#watched = tip;
    const grown = this.#parts.world.log.grown(this.#parts.subject.key, tip, this.#over.signal).then(() => {
      if (this.#watched !== tip) return;
      this.#watched = undefined;
      this.#tip = Number.POSITIVE_INFINITY;
      this.#bell.ring();
    });
    detached(grown, (error) => this.#fail(error));
    return Number.POSITIVE_INFINITY;
  }

  async #readFor(hungry: readonly Lane[]): Promise<void> {
    this.#isOdd = !this.#isOdd;
    const bytesMax = this.#parts.budget.isFull ? fewBytes : readBytesMax;
    const how = { isLast: this.#isOdd, since: this.horizon, end: this.end, bytesMax };
    try {
      const source = this.#parts.source();
      const allowed = (batches: readonly StoredBatch[]) => {
        this.#refused = batches[0]?.arrival;
        source.requireKeys(keyArnsOf(batches));
      };
      const { was, slice } = await this.#reader.read(hungry, how, allowed);
      this.#failures = 0;
      this.#refused = undefined;
      const hasGrown = slice.end > this.#seenEnd;
      if (this.#tip === Number.POSITIVE_INFINITY && !hasGrown)
        this.#quietUntil = this.clock.monotonic() + quietMs;
      this.#tip = slice.end;
      this.#seenEnd = slice.end;
      this.#tell(was);
    } catch (error) {
      this.#fail(error);
      this.#failures++;
      this.#watchLag();
      for (const lane of this.#lanes) lane.wake();
      await this.#bell.wait(this.clock.monotonic() + backoffMs(this.#failures));
    }
  }

  #tell({ polled, filteredOut, heldBytes, lost }: WasRead): void {
    this.#heldBytes += heldBytes;
    this.#parts.budget.take(heldBytes);
    if (polled > 0) this.#count('PolledEventCount', polled);
    if (filteredOut > 0) {
      this.#count('FilteredOutEventCount', filteredOut);
      this.checkpoint.saveSoon();
    }
    if (lost > 0) this.#parts.meter.lost(lost, 'they had expired before they were read; this many at most');
    for (const lane of this.#lanes) lane.wake();
  }

  #count(metric: Parameters<PollerWorld['metrics']['count']>[1], records: number): void {
    const { world, subject } = this.#parts;
    if (this.mapping.countsEvents) world.metrics.count(subject.name, metric, records);
  }

  #fail(error: unknown): void {
    const { world, subject, stop } = this.#parts;
    if (error instanceof DroppedError) stop();
    if (this.signals.stopping.aborted) return;
    if (error instanceof SourceError || error instanceof KeyError)
      this.checkpoint.say(`PROBLEM: ${error.message}`);
    const about = { mapping: subject.mapping.uuid, shardId: subject.shardId, error };
    world.logger.error('a mapping could not read a shard, will try again', about);
  }
}

/** How long a shard that was sealed and is not known to be closed is not asked whether it grows. */
const quietMs: Millis = 250;

/** One read, of a batch at least; and where there is no memory for more. */
const readBytesMax = 1024 * 1024;
const fewBytes = 64 * 1024;
