import assert from 'node:assert/strict';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import { type JournalLog, journalIn } from '../../../journal/journal-log.ts';
import { encodeBatch, type Offset } from '../../../kinesis/record.ts';
import { type Engine, OverloadedError } from '../../../log/log.ts';
import { limitExceeded } from '../errors.ts';
import { minuteMs } from './metric.ts';
import { encodePage, encodePut, type Page, pagesOf } from './metric-record.ts';
import { replayed } from './metric-replay.ts';
import { type Datum, fiveMinutesOf, type MetricBounds, Metrics, type SeriesSamples } from './metrics.ts';
import { merged, type Sample } from './sample.ts';

/** For how long there are data at a minute, and at five minutes. AWS has them for 15 and for 63 days. */
export const minutesKeptMs: Millis = 3 * 3_600_000;
export const fivesKeptMs: Millis = 15 * 24 * 3_600_000;

/** AWS bounds neither. The bytes are those of the process, as `bytesOf` counts them. */
export const metricBounds: MetricBounds = { metricsMax: 20_000, bytesMax: 256 * 1024 * 1024 };

/** The share of the heap that metrics may take. */
const heapShare = 1 / 8;

/** The bounds in a process whose heap can have so many bytes. */
export function boundsIn(heapBytesMax = Number.POSITIVE_INFINITY): MetricBounds {
  return { ...metricBounds, bytesMax: Math.min(metricBounds.bytesMax, Math.floor(heapBytesMax * heapShare)) };
}

/** Metrics that survive a power cut. */
export interface MetricStore {
  /** What is durable, and nothing else. */
  readonly metrics: Metrics;
  /**
   * Resolves once all of the data is durable and shown. Rejects with a LimitExceededFault when there is no
   * room, with `OverloadedError` when too much waits, and with the system's error when it could not be
   * written: then nothing of it is there.
   */
  put(data: readonly Datum[]): Promise<void>;
}

/** Reads what is there. Rejects with `DamagedError` and `NewerFormatError`. */
export async function openMetrics(
  engine: Engine,
  clock: Clock,
  logger: Logger,
  bounds: MetricBounds & LogSizes = { ...metricBounds, ...logSizes },
): Promise<MetricStore> {
  const store = new LoggedMetrics(engine, clock, logger, bounds);
  await store.replay();
  return store;
}

type Waiting = {
  readonly data: readonly Datum[];
  readonly record: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Bytes of data that wait to be written. */
const waitingBytesMax = 32 * 1024 * 1024;
/** Bytes of one round. */
const roundBytesMax = 4 * 1024 * 1024;
export type LogSizes = { readonly rewriteBytes: number; readonly pagesBytes: number };

/**
 * The log of the minutes is written again after so many bytes, and as many more as it then took. Pages are
 * written so many bytes at a time.
 */
export const logSizes: LogSizes = { rewriteBytes: 16 * 1024 * 1024, pagesBytes: 1024 * 1024 };

/**
 * Two logs. The one of the minutes has what was put; each hour, what is older than three hours is moved to
 * the one of the five minutes, and the rest is written again, so that all before it can go. The other one is
 * trimmed by age. Rounds follow one another: nothing is put while something is moved.
 */
class LoggedMetrics implements MetricStore {
  readonly metrics: Metrics;
  readonly #sizes: LogSizes;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #minutes: JournalLog;
  readonly #fives: JournalLog;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  /** The offset after the last record of the minutes that was read or written. */
  #next: Offset = 0;
  #bytesSinceRewrite = 0;
  #rewrittenBytes = 0;
  /** What of the minutes is in the five minutes, see `Page`. */
  #moved = { until: Number.NEGATIVE_INFINITY, past: 0 };
  /** Whether the log of the minutes ends before what was moved from it: it was repaired. */
  #isCut = false;
  /** Where in the log of the five minutes what was moved begins, and up to which time it went. */
  readonly #moves: { readonly first: Offset; readonly until: Millis }[] = [];

  constructor(engine: Engine, clock: Clock, logger: Logger, bounds: MetricBounds & LogSizes) {
    this.metrics = new Metrics(bounds);
    this.#sizes = bounds;
    this.#clock = clock;
    this.#logger = logger;
    this.#minutes = journalIn(engine, { stream: 'cloudwatch', shard: 0 });
    this.#fives = journalIn(engine, { stream: 'cloudwatch-five-minutes', shard: 0 });
  }

  put(data: readonly Datum[]): Promise<void> {
    const record = encodePut(data);
    return new Promise((resolve, reject) => {
      if (this.#waitingBytes + record.length > waitingBytesMax) {
        return reject(new OverloadedError(`More than ${waitingBytesMax} bytes of metrics wait.`));
      }
      this.#waiting.push({ data, record, resolve, reject });
      this.#waitingBytes += record.length;
      if (!this.#isWriting) detached(this.#writeAll(), unthinkable);
    });
  }

  /** The five minutes first: they say what of the minutes is in them. */
  async replay(): Promise<void> {
    const now = this.#clock.now();
    const horizon = now - fivesKeptMs;
    await replayed(this.#fives, 'metrics at five minutes', {
      put: () => {},
      pages: (pages, { until, past }, first) => {
        this.#moved = { until, past };
        this.#moves.push({ first, until });
        for (const { series } of pages) for (const one of series) this.#addFives(one, horizon);
        this.metrics.shrink(now);
      },
    });
    this.#next = await replayed(this.#minutes, 'metrics', {
      put: (series, offset, arrival, bytes) => {
        this.#bytesSinceRewrite += bytes;
        for (const one of series) this.#replayPut(one, offset, arrival);
      },
      pages: (pages, _, first, bytes) => {
        this.metrics.dropMinutes();
        for (const { series } of pages) for (const one of series) this.#addMinutes(one, first);
        this.#bytesSinceRewrite = 0;
        this.#rewrittenBytes = bytes;
      },
    });
    this.#isCut = this.#next < this.#moved.past;
    if (this.#isCut) this.#moved = { until: Number.NEGATIVE_INFINITY, past: this.#next };
    this.metrics.shrink(now);
  }

  #addFives({ metric, unit, samples }: SeriesSamples, horizon: Millis): void {
    const kept = samples.filter(({ time }) => time >= horizon);
    if (kept.length > 0) this.metrics.addFives({ metric, unit, samples: kept });
  }

  #addMinutes({ metric, unit, samples }: SeriesSamples, offset: Offset): void {
    const kept = samples.filter(({ time }) => !this.#isMoved(offset, time));
    if (kept.length > 0) this.metrics.addMinutes({ metric, unit, samples: kept });
  }

  #replayPut({ metric, unit, samples }: SeriesSamples, offset: Offset, arrival: Millis): void {
    for (const { time, ...sample } of samples) {
      if (!this.#isMoved(offset, time)) this.metrics.addData([{ metric, unit, time, sample }], arrival);
    }
  }

  /** Whether what the log of the minutes has of a time is in the five minutes already. */
  #isMoved(offset: Offset, time: Millis): boolean {
    return offset < this.#moved.past && time < this.#moved.until;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      await this.#keepUp();
      await this.#round();
    }
    this.#isWriting = false;
  }

  async #round(): Promise<void> {
    const now = this.#clock.now();
    this.metrics.shrink(now);
    const added = new Set<string>();
    const accepted = this.#taken().filter((waiting) => this.#isAccepted(waiting, added, now));
    if (accepted.length === 0) return;
    try {
      await this.#append(accepted.map(({ record }) => record));
    } catch (error) {
      for (const { reject } of accepted) reject(error);
      return;
    }
    for (const { data, record, resolve } of accepted) {
      this.#bytesSinceRewrite += record.length;
      this.metrics.addData(data, now);
      resolve();
    }
  }

  #taken(): Waiting[] {
    let [end, bytes] = [0, 0];
    while (end < this.#waiting.length && bytes < roundBytesMax) bytes += this.#waiting[end++]!.record.length;
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, end);
  }

  #isAccepted({ data, reject }: Waiting, added: Set<string>, now: Millis): boolean {
    const refusal = this.metrics.refusalOf(data, added, now);
    if (refusal !== undefined) reject(limitExceeded(refusal));
    return refusal === undefined;
  }

  async #append(records: readonly Buffer[]): Promise<Offset> {
    const first = await appended(this.#minutes, records);
    assert(first >= this.#next);
    this.#next = first + records.length;
    return first;
  }

  /** What is due once an hour, or after many bytes. What fails is tried again before the next round. */
  async #keepUp(): Promise<void> {
    const until = Math.floor((this.#clock.now() - minutesKeptMs) / hourMs) * hourMs;
    const isLong = this.#bytesSinceRewrite > this.#sizes.rewriteBytes + this.#rewrittenBytes;
    if (until <= this.#moved.until && !isLong) return;
    try {
      if (until > this.#moved.until) await this.#move(until);
      await this.#rewrite();
    } catch (error) {
      this.#logger.error('metrics could not be moved, will try again', { error });
    }
  }

  /** Moves what is before a time to the log of the five minutes, and forgets what is too old there. */
  async #move(until: Millis): Promise<void> {
    const moved = { until, past: this.#next };
    const old = () => this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, until);
    if (this.#isCut || old().next().done !== true) {
      const append = (records: readonly Buffer[]) => appended(this.#fives, records);
      const { first } = await this.#writePages(append, atFiveMinutes(old()), moved);
      this.#moves.push({ first, until });
    }
    this.#moved = moved;
    this.#isCut = false;
    let count = 0;
    for (const one of old()) {
      this.metrics.moveToFives(one, until);
      if (++count % seriesPerTurn === 0) await this.#clock.turn();
    }
    const horizon = this.#clock.now() - fivesKeptMs;
    this.metrics.dropBefore(horizon);
    const kept = this.#moves.findIndex((move) => move.until > horizon);
    this.#moves.splice(0, kept === -1 ? this.#moves.length - 1 : kept);
    if (this.#moves.length > 0) await this.#fives.trim(this.#moves[0]!.first);
  }

  /** Writes the minutes again, as they are, and lets go of what the log held before. */
  async #rewrite(): Promise<void> {
    if (this.#bytesSinceRewrite === 0) return;
    const all = this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const append = (records: readonly Buffer[]) => this.#append(records);
    const { first, bytes } = await this.#writePages(append, all, { until: 0, past: 0 });
    this.#bytesSinceRewrite = 0;
    this.#rewrittenBytes = bytes;
    await this.#minutes.trim(first);
  }

  /**
   * Writes series as pages, of which the last one is empty, a megabyte at a time. Others have their turn in
   * between; what is written does not change meanwhile, for nothing is put.
   */
  async #writePages(
    append: (records: readonly Buffer[]) => Promise<Offset>,
    all: Iterable<SeriesSamples>,
    moved: Pick<Page, 'until' | 'past'>,
  ): Promise<{ first: Offset; bytes: number }> {
    let [index, bytes, waitingBytes] = [0, 0, 0];
    let first: Offset | undefined;
    let waiting: Buffer[] = [];
    const add = (series: readonly SeriesSamples[], isLast: boolean) => {
      const page = encodePage(series, { index, isLast, ...moved });
      [index, bytes, waitingBytes] = [index + 1, bytes + page.length, waitingBytes + page.length];
      waiting.push(page);
    };
    for (const series of pagesOf(all)) {
      add(series, false);
      await this.#clock.turn();
      if (waitingBytes < this.#sizes.pagesBytes) continue;
      const at = await append(waiting);
      first ??= at;
      [waiting, waitingBytes] = [[], 0];
    }
    add([], true);
    const at = await append(waiting);
    return { first: first ?? at, bytes };
  }
}

async function appended(log: JournalLog, records: readonly Buffer[]): Promise<Offset> {
  const batch = encodeBatch(records.map((data) => ({ partitionKey: undefined, data })));
  return (await log.append(batch)).first;
}

/** Moved before others have their turn. */
const seriesPerTurn = 200;

const hourMs: Millis = 60 * minuteMs;

/** Samples at minutes as samples at five minutes. */
function* atFiveMinutes(all: Iterable<SeriesSamples>): Generator<SeriesSamples> {
  for (const { metric, unit, samples } of all) {
    const byTime = new Map<Millis, Sample>();
    for (const { time, ...sample } of samples) {
      const five = fiveMinutesOf(time);
      byTime.set(five, merged(byTime.get(five), sample));
    }
    yield { metric, unit, samples: Array.from(byTime, ([time, sample]) => ({ ...sample, time })) };
  }
}
