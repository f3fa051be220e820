import assert from 'node:assert/strict';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import { type JournalLog, journalIn } from '../../../journal/journal-log.ts';
import { encodeBatch, type Offset, recordsOf } from '../../../kinesis/record.ts';
import { type Engine, OverloadedError } from '../../../log/log.ts';
import { limitExceeded } from '../errors.ts';
import { minuteMs } from './metric.ts';
import { decodeRecord, encodePages, encodePut, type MetricRecord } from './metric-record.ts';
import { type Datum, fiveMinutesOf, type MetricBounds, Metrics, type SeriesSamples } from './metrics.ts';
import { merged, type Sample } from './sample.ts';

/** For how long there are data at a minute, and at five minutes. AWS has them for 15 and for 63 days. */
export const minutesKeptMs: Millis = 3 * 3_600_000;
export const fivesKeptMs: Millis = 15 * 24 * 3_600_000;

/** AWS bounds neither. The bytes are those of the process, as `bytesOf` counts them. */
export const metricBounds: MetricBounds = { metricsMax: 20_000, bytesMax: 256 * 1024 * 1024 };

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
  bounds: MetricBounds = metricBounds,
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
/** The log of the minutes is written anew after so many bytes, and the same again as it then takes. */
const rewriteBytes = 16 * 1024 * 1024;

/**
 * Two logs. The one of the minutes has what was put; each hour, what is older than three hours is moved to
 * the one of the five minutes, and the rest is written again, so that all before it can go. The other one is
 * trimmed by age. Rounds follow one another: nothing is put while something is moved.
 */
class LoggedMetrics implements MetricStore {
  readonly metrics: Metrics;
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
  /** Where in the log of the five minutes what was moved begins, and up to which time it went. */
  readonly #moves: { readonly first: Offset; readonly until: Millis }[] = [];

  constructor(engine: Engine, clock: Clock, logger: Logger, bounds: MetricBounds) {
    this.metrics = new Metrics(bounds);
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
      pages: (series, { until, past }, first) => {
        this.#moved = { until, past };
        this.#moves.push({ first, until });
        for (const one of series) this.#addFives(one, horizon);
        this.metrics.shrink(now);
      },
    });
    this.#next = await replayed(this.#minutes, 'metrics', {
      put: (series, offset, arrival, bytes) => {
        this.#bytesSinceRewrite += bytes;
        for (const one of series) this.#replayPut(one, offset, arrival);
      },
      pages: (series, _, first, bytes) => {
        this.metrics.dropMinutesBefore(Number.POSITIVE_INFINITY);
        for (const one of series) this.#addMinutes(one, first);
        this.#bytesSinceRewrite = 0;
        this.#rewrittenBytes = bytes;
      },
    });
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
    const batch = encodeBatch(records.map((data) => ({ partitionKey: undefined, data })));
    const { first } = await this.#minutes.append(batch);
    assert(first >= this.#next);
    this.#next = first + records.length;
    return first;
  }

  /** What is due once an hour, or after many bytes. What fails is tried again before the next round. */
  async #keepUp(): Promise<void> {
    const until = Math.floor((this.#clock.now() - minutesKeptMs) / hourMs) * hourMs;
    const isLong = this.#bytesSinceRewrite > rewriteBytes + this.#rewrittenBytes;
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
    const series = [...this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, until)].map(atFiveMinutes);
    const moved = { until, past: this.#next };
    if (series.length > 0) {
      const pages = encodePages(series, moved).map((data) => ({ partitionKey: undefined, data }));
      const { first } = await this.#fives.append(encodeBatch(pages));
      this.#moves.push({ first, until });
    }
    this.#moved = moved;
    this.metrics.dropMinutesBefore(until);
    for (const one of series) this.metrics.addFives(one);
    const horizon = this.#clock.now() - fivesKeptMs;
    this.metrics.dropBefore(horizon);
    const old = this.#moves.findIndex((move) => move.until > horizon);
    this.#moves.splice(0, old === -1 ? this.#moves.length - 1 : old);
    if (this.#moves.length > 0) await this.#fives.trim(this.#moves[0]!.first);
  }

  /** Writes the minutes again, as they are, and lets go of what the log held before. */
  async #rewrite(): Promise<void> {
    if (this.#bytesSinceRewrite === 0) return;
    const series = [...this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
    const pages = encodePages(series, { until: 0, past: 0 });
    const first = await this.#append(pages);
    this.#bytesSinceRewrite = 0;
    this.#rewrittenBytes = pages.reduce((sum, page) => sum + page.length, 0);
    await this.#minutes.trim(first);
  }
}

const hourMs: Millis = 60 * minuteMs;

/** Samples at minutes as samples at five minutes. */
function atFiveMinutes({ metric, unit, samples }: SeriesSamples): SeriesSamples {
  const byTime = new Map<Millis, Sample>();
  for (const { time, ...sample } of samples) {
    const five = fiveMinutesOf(time);
    byTime.set(five, merged(byTime.get(five), sample));
  }
  return { metric, unit, samples: Array.from(byTime, ([time, sample]) => ({ ...sample, time })) };
}

type Pages = Extract<MetricRecord, { readonly kind: 'page' }>;

/** Hears what a log has, in order. */
type Hearer = {
  put(series: readonly SeriesSamples[], offset: Offset, arrival: Millis, bytes: number): void;
  /** All pages of a snapshot, or of what was moved; `first` is the offset of the first one. */
  pages(series: readonly SeriesSamples[], last: Pages, first: Offset, bytes: number): void;
};

/** Reads a log from its beginning. Answers its end. Pages that are not complete count for nothing. */
async function replayed(log: JournalLog, name: string, hearer: Hearer): Promise<Offset> {
  let next = 0;
  let pages: Pages[] = [];
  let [first, bytes] = [0, 0];
  for (;;) {
    const batches = await log.read(next, replayPage);
    if (batches.length === 0) return next;
    for (const batch of batches) {
      for (const { offset, arrival, data } of recordsOf(batch)) {
        if (offset < next) continue;
        const record = decodeRecord(data, `record ${offset} in the log of ${name}`);
        if (record.kind === 'put' || record.index === 0) [pages, first, bytes] = [[], offset, 0];
        bytes += data.length;
        if (record.kind === 'put') hearer.put(record.series, offset, arrival, bytes);
        else if (record.index === pages.length) pages.push(record);
        if (record.kind === 'page' && pages.length === record.count) {
          hearer.pages(
            pages.flatMap(({ series }) => series),
            record,
            first,
            bytes,
          );
          pages = [];
        }
      }
      next = Math.max(next, batch.first + batch.count);
    }
  }
}

const replayPage = { records: 10_000, bytes: 1024 * 1024 };
