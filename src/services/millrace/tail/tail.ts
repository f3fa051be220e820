import type { Catalog } from '../../../catalog/catalog.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import { SourceGoneError, SourceReader } from '../../../delivery/source/source-reader.ts';
import type { SourceSlice } from '../../../delivery/source/source-slice.ts';
import type { Positions, ShardPosition } from '../../../delivery/state/delivery-state.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import type { Records } from '../../../log/log.ts';
import { streamNotFound } from '../../../stream/errors.ts';
import { ViewLostError } from '../../../views/viewer/viewer.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { EncodedSlices, TailEncoder } from './tail-encoder.ts';
import { TailTroubles, troubleOf } from './tail-troubles.ts';
import { beginning, eventOf, heartbeat, type TailStatus } from './tail-wording.ts';

export type TailWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalog: Catalog;
  readonly log: Records;
};

/** What is followed, and from where to where. */
export type TailSubject = {
  readonly stream: Stream;
  readonly from: Positions;
  /** The only shards that are read; undefined for all, those among them that are opened later. */
  readonly shards?: readonly number[] | undefined;
  /** Only what arrived before this time is read. */
  readonly until?: Millis | undefined;
  /** Where the shards stand that were there at a time in the past. */
  readonly positionsAt: (time: Millis) => Promise<Positions>;
  /** How many records become events. */
  readonly matchedMax: number;
  readonly seal: (positions: Positions) => string;
  /** Throws the `ServiceError` when records under these KMS keys are not, or no longer, for its caller. */
  readonly requireKeys: (keyArns: readonly string[]) => void;
  /** Throws the `ServiceError` when its caller may not tail it any more. */
  readonly recheck: () => void;
};

/**
 * The records of a stream as server-sent events, in the order of each key: children of a shard come after it.
 * It is asked for its next piece when the client has taken the one before, and reads nothing before that, so
 * a client that reads slowly costs one piece. The last record of each piece has the position as its `id`.
 * It ends with an event, after which nothing comes; or without one when `ended` is aborted or its time is
 * over: the client asks again then.
 */
export async function* tail(
  world: TailWorld,
  subject: TailSubject,
  encoder: TailEncoder,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const run = new Tail(world, subject, encoder, ended);
  try {
    yield* run.pieces();
    if (ended.reason instanceof ServiceError) yield Buffer.from(troubleOf(ended.reason));
  } catch (raised) {
    if (ended.aborted) return;
    const isGone = raised instanceof SourceGoneError;
    const error = isGone ? streamNotFound(subject.stream) : raised;
    if (!(error instanceof ServiceError)) world.logger.error('a tail failed', { error });
    const said = error instanceof ServiceError ? error : new ServiceError('InternalFailure');
    yield Buffer.from(troubleOf(said) + eventOf('end', { reason: isGone ? 'deleted' : 'trouble' }));
  } finally {
    run.close();
  }
}

class Tail {
  readonly #world: TailWorld;
  readonly #subject: TailSubject;
  readonly #encoder: TailEncoder;
  readonly #ended: AbortSignal;
  readonly #over = new AbortController();
  readonly #troubles = new TailTroubles();
  #reader: SourceReader;
  /** Where reading ends, and which shards alone are read. */
  #bounds: Positions | undefined;
  /** Whether `until` has come. */
  #isBounded = false;
  #records = 0;
  #matched = 0;
  /** When the last record arrived that was read. */
  #arrival: Millis = 0;
  #lastStatus: TailStatus | undefined;
  /** By the monotonic clock. */
  #statusAt: Millis = Number.NEGATIVE_INFINITY;
  #saidAt: Millis = 0;
  #idAt: Millis = Number.NEGATIVE_INFINITY;
  #idLength = 0;

  constructor(world: TailWorld, subject: TailSubject, encoder: TailEncoder, ended: AbortSignal) {
    this.#world = world;
    this.#subject = subject;
    this.#encoder = encoder;
    this.#ended = ended;
    this.#bounds = boundsOf(subject.shards);
    this.#reader = this.#readerOf(subject.from, this.#bounds);
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const { clock } = this.#world;
    const lifeEndsAt = clock.monotonic() + tailLifeMs;
    let checkedAt = clock.monotonic();
    const wake = () => this.#reader.wake();
    this.#ended.addEventListener('abort', wake, { once: true, signal: this.#over.signal });
    detached(this.#watchCatalog(), unthinkable);
    yield Buffer.from(beginning + this.#status());
    while (!this.#ended.aborted && clock.monotonic() < lifeEndsAt) {
      const begunAt = clock.monotonic();
      if (begunAt - checkedAt >= recheckMs) {
        checkedAt = begunAt;
        this.#subject.recheck();
      }
      await this.#boundInTime();
      const { slices, encoded } = await this.#read();
      const said = this.#said(slices, encoded);
      if (said !== undefined) yield said;
      const reason = this.#endReason();
      if (reason !== undefined) {
        yield Buffer.from(eventOf('end', { reason, ...this.#statusNow }));
        return;
      }
      const wakeAt = Math.min(lifeEndsAt, this.#nextDue());
      if (slices.length === 0) await this.#reader.grown(wakeAt);
      else await clock.sleep(begunAt + pauseMs - clock.monotonic(), this.#ended);
    }
  }

  close(): void {
    this.#over.abort(null);
    this.#reader[Symbol.dispose]();
  }

  get #stream(): Stream | undefined {
    const { id } = this.#subject.stream;
    const now = this.#world.catalog.state.streams.get(streamKeyOf(this.#subject.stream));
    return now?.id === id && isServing(now) ? now : undefined;
  }

  #readerOf(from: Positions, until: Positions | undefined): SourceReader {
    const { clock, log, logger } = this.#world;
    const { requireKeys } = this.#subject;
    const failed = (shard: number, error: unknown) => {
      if (!this.#troubles.failed(shard, error) || error instanceof ServiceError) return;
      logger.warn('a tail cannot read a shard', { shard, error });
    };
    const recovered = (shard: number) => this.#troubles.recovered(shard);
    const requireToRead = requireKeys;
    return new SourceReader(
      { clock, log, stream: () => this.#stream, failed, recovered, requireToRead, until },
      from,
    );
  }

  /** Only a change of this stream has the reader look at all its shards. */
  async #watchCatalog(): Promise<void> {
    const { catalog } = this.#world;
    const { signal } = this.#over;
    for (let known = this.#stream; !signal.aborted; known = this.#stream) {
      await catalog.changed(signal);
      if (this.#stream !== known) this.#reader.look();
    }
  }

  /** Once the time has come until which is to be read, the shards end where they stood then. */
  async #boundInTime(): Promise<void> {
    const { until, positionsAt, shards } = this.#subject;
    if (until === undefined || this.#isBounded || this.#world.clock.now() < until) return;
    const ends = Object.entries(await positionsAt(until)).map(([shard, { next }]) => [shard, { next }]);
    const wanted = ends.filter(([shard]) => shards?.includes(Number(shard)) ?? true);
    this.#bounds = Object.fromEntries(wanted);
    this.#isBounded = true;
    this.#readFrom(this.#reader.positions);
  }

  /** What there is, with its events; read once more where the view of it was lost for what another did. */
  async #read(): Promise<{ slices: readonly SourceSlice[]; encoded: EncodedSlices | undefined }> {
    const left = this.#subject.matchedMax - this.#matched;
    for (let losses = 0; ; losses++) {
      const before = this.#encoder.mayLose ? this.#reader.positions : undefined;
      const slices = await this.#gather();
      if (slices.length === 0) return { slices, encoded: undefined };
      try {
        return { slices, encoded: await this.#encoder.encode(slices, left) };
      } catch (error) {
        if (before === undefined || !(error instanceof ViewLostError) || losses === lossesMax) throw error;
        this.#readFrom(before);
      }
    }
  }

  #readFrom(positions: Positions): void {
    this.#reader[Symbol.dispose]();
    this.#reader = this.#readerOf(positions, this.#bounds);
  }

  /** What there is to read, up to a piece's worth. */
  async #gather(): Promise<readonly SourceSlice[]> {
    const { until = Number.POSITIVE_INFINITY } = this.#subject;
    const slices: SourceSlice[] = [];
    for (let free = pieceBytes; free > 0 && !this.#ended.aborted; ) {
      const slice = await this.#reader.next(free);
      if (slice === undefined) break;
      free -= Math.max(slice.bytes, sliceCost);
      this.#troubles.lost(slice.lost);
      const batches = slice.batches.filter(({ arrival }) => arrival < until);
      this.#arrival = Math.max(this.#arrival, batches.at(-1)?.arrival ?? 0);
      slices.push({ ...slice, batches });
    }
    return slices;
  }

  /** What is to be sent now; undefined for nothing. */
  #said(slices: readonly SourceSlice[], encoded: EncodedSlices | undefined): Uint8Array | undefined {
    const now = this.#world.clock.monotonic();
    const parts: (string | Uint8Array)[] = [];
    if (encoded !== undefined) {
      this.#records += encoded.records;
      this.#matched += encoded.matched;
      if (encoded.matched > 0) parts.push(encoded.events, this.#id(slices, encoded, now), '\n');
    }
    parts.push(this.#troubles.take());
    const isDue = now - this.#statusAt >= statusMs && hasChanged(this.#lastStatus, this.#statusNow);
    if (isDue && encoded?.cut === undefined) parts.push(this.#status());
    if (now - this.#saidAt >= heartbeatMs) parts.push(heartbeat);
    const pieces = parts.filter(({ length }) => length > 0).map((part) => Buffer.from(part));
    if (pieces.length === 0) return undefined;
    this.#saidAt = now;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  /** The field with the position; empty where it is long and was said a moment ago. */
  #id(slices: readonly SourceSlice[], { cut }: EncodedSlices, now: Millis): string {
    if (cut === undefined && this.#idLength > longIdLength && now - this.#idAt < statusMs) return '';
    const { positions } = this.#reader;
    const id = this.#subject.seal(cut === undefined ? positions : positionsBefore(positions, slices, cut));
    this.#idAt = now;
    this.#idLength = id.length;
    return `id: ${id}\n`;
  }

  #status(): string {
    const now = this.#world.clock.monotonic();
    const status = this.#statusNow;
    this.#lastStatus = status;
    this.#statusAt = now;
    this.#saidAt = now;
    this.#idAt = now;
    return eventOf('status', status, this.#subject.seal(this.#reader.positions));
  }

  get #statusNow(): TailStatus {
    const isAtTip = this.#arrival === 0 || this.#reader.isAtTip;
    const lagMs = isAtTip ? 0 : Math.max(0, this.#world.clock.now() - this.#arrival);
    return { records: this.#records, matched: this.#matched, lagMs };
  }

  /** Why there is nothing more to come; undefined as long as there may be. */
  #endReason(): 'limit' | 'until' | 'shards' | undefined {
    if (this.#matched >= this.#subject.matchedMax) return 'limit';
    if (!this.#reader.isOver) return undefined;
    return this.#isBounded ? 'until' : 'shards';
  }

  /** When there is something to say or to do though nothing was put, by the monotonic clock. */
  #nextDue(): Millis {
    const { clock } = this.#world;
    const { until } = this.#subject;
    const beat = this.#saidAt + heartbeatMs;
    const status = hasChanged(this.#lastStatus, this.#statusNow) ? this.#statusAt + statusMs : beat;
    const bound =
      until === undefined || this.#isBounded ? beat : clock.monotonic() + Math.max(1, until - clock.now());
    return Math.min(beat, status, bound);
  }
}

/** A shard that is read to wherever it will end. */
function boundsOf(shards: readonly number[] | undefined): Positions | undefined {
  return shards && Object.fromEntries(shards.map((shard) => [shard, { next: Number.POSITIVE_INFINITY }]));
}

function hasChanged(before: TailStatus | undefined, { records, lagMs }: TailStatus): boolean {
  return before?.records !== records || (lagMs === 0) !== (before.lagMs === 0);
}

/** Positions as they were before the record of a slice at which there was no more room. */
function positionsBefore(
  positions: Positions,
  slices: readonly SourceSlice[],
  cut: NonNullable<EncodedSlices['cut']>,
): Positions {
  const before: Record<string, ShardPosition> = { ...positions };
  for (let place = slices.length - 1; place >= cut.slice; place--) {
    const { shard, from } = slices[place]!;
    before[shard.index] = { next: place === cut.slice ? cut.next : from };
  }
  return before;
}

/** How often in a row what others typed may have the thread of views ended. */
const lossesMax = 3;

/** A piece is read at once, and is what a client costs that does not take it. */
const pieceBytes = 1024 * 1024;
/** What a read costs though it finds little. */
const sliceCost = 4 * 1024;
/** From one piece to the next: at most 20 a second. */
const pauseMs: Millis = 50;
const statusMs: Millis = 1_000;
/**
 * Proxies take an answer for dead that is silent for longer (HTML standard, "Server-sent events", authoring
 * notes).
 */
const heartbeatMs: Millis = 15_000;
/** A position of more shards is said once a second, with the status. */
const longIdLength = 4 * 1024;
/** Nobody goes on to read for longer who may not any more. */
export const recheckMs: Millis = 1_000;
/** Whoever asks again is verified and authorized again. */
const tailLifeMs: Millis = 3_600_000;
