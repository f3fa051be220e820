import type { Catalog } from '../catalog/catalog.ts';
import { streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import { limits } from '../kinesis/limits.ts';
import type { Offset } from '../kinesis/record.ts';
import { findShard, isServing, type Shard, type Stream } from '../kinesis/stream.ts';
import { DroppedError, type Records, type ShardKey } from '../log/log.ts';
import { ServiceError } from '../wire/service-error.ts';
import { consumerGone, keyRefusal } from './errors.ts';
import type { FanOut, FanOutEvent } from './fan-out.ts';
import type { Meter } from './meter/meter.ts';
import type { CallStatistics } from './metrics/call-statistics.ts';

type SubscriptionWorld = {
  readonly catalog: Catalog;
  readonly log: Records;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fanOut: FanOut;
  readonly meter: Pick<Meter, 'didSend'>;
  readonly calls?: Pick<CallStatistics, 'didSend'> | undefined;
  /** Whether a consumer gets 2 MiB/s of a shard, as AWS gives it, or as much as it takes. */
  readonly limited: boolean;
  /** After which a subscription ends, and its consumer is expected to begin another: five minutes at AWS. */
  readonly subscriptionLifeMs: Millis;
};

/** What is subscribed to: a shard of a stream, as a consumer. */
export type Subject = {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly consumer: string;
  readonly from: Offset;
  /** Throws the `ServiceError` when records under these KMS keys are not, or no longer, for its caller. */
  readonly requireKeys: (keyArns: readonly string[]) => void;
};

/** How what is not records is said. */
export type EventEncoder = {
  readonly begin: () => Uint8Array;
  /** Nothing new, and the reader stands at an offset. */
  readonly idle: (shard: Shard, at: Offset, now: Millis) => Uint8Array;
  readonly failure: (error: ServiceError) => Uint8Array;
};

/**
 * A subscription as the pieces of its answer: records as they become durable, without polling; something at
 * least every five seconds; an end when its life is over, a second after the end of the shard, or when
 * `ended` is aborted (with its reason as an exception in the stream, if that is a `ServiceError`). Nothing
 * follows the end of the shard, no exception either: there is nothing left that could be taken away. A
 * consumer that stops reading costs one event.
 */
export async function* subscription(
  world: SubscriptionWorld,
  subject: Subject,
  wording: EventEncoder,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield wording.begin();
  try {
    const isAtEnd = yield* events(world, subject, wording, ended);
    if (!isAtEnd && ended.reason instanceof ServiceError) throw ended.reason;
  } catch (raised) {
    // Its records can be gone a moment before the catalog is asked again.
    const error =
      raised instanceof DroppedError ? consumerGone(subject.stream, subject.consumer) : keyRefusal(raised);
    if (!(error instanceof ServiceError)) world.logger.error('a subscription failed', { error });
    yield wording.failure(
      error instanceof ServiceError ? error : new ServiceError('InternalFailureException'),
    );
  }
}

/** A stream that AWS's limits are not for has none here either. */
function isLimited({ limits }: Stream, limited: boolean): boolean {
  return limits?.enforced === undefined ? limited : limits.enforced === 'aws';
}

/** Answers whether the end of the shard was said. */
async function* events(
  world: SubscriptionWorld,
  subject: Subject,
  wording: EventEncoder,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, boolean, undefined> {
  const { clock } = world;
  const pace = new Pace(clock, isLimited(subject.stream, world.limited));
  const current = follow(world.catalog, subject);
  const wakeup = new Wakeup(world, subject, ended);
  const endsAt = clock.monotonic() + world.subscriptionLifeMs;
  let at = subject.from;
  let isBehind = true;
  let saidAt = clock.monotonic();
  try {
    while (!ended.aborted && clock.monotonic() < endsAt) {
      const { stream, shard } = current();
      if (isBehind || wakeup.hasGrown() || shard.closed !== undefined) {
        const event = await world.fanOut.event(world.log, stream, shard, at, clock.now());
        subject.requireKeys(event.keyArns);
        // What has no time left for the pause is said by the subscription that comes after.
        if (event.finished && endsAt - clock.monotonic() < endPauseMs) return false;
        if (event.message !== undefined) {
          didSend(world, subject, { stream, shard }, event);
          yield event.message;
          saidAt = clock.monotonic();
        }
        if (event.finished) {
          await pauseAtEnd(world, subject, wakeup, event.next, ended);
          return true;
        }
        at = event.next;
        isBehind = event.behind > 0;
        await pace.after(event.bytes, ended);
      } else if (clock.monotonic() - saidAt >= idleMs) {
        didSend(world, subject, { stream, shard }, { ...nothing, next: at });
        yield wording.idle(shard, at, clock.now());
        saidAt = clock.monotonic();
      } else {
        await wakeup.next(at, Math.min(saidAt + idleMs, endsAt));
      }
    }
    return false;
  } finally {
    wakeup.end();
  }
}

/** Resolves when the answer may end: after the pause, or at once when no client can want it any more. */
async function pauseAtEnd(
  { catalog, clock }: SubscriptionWorld,
  subject: Subject,
  wakeup: Wakeup,
  at: Offset,
  ended: AbortSignal,
): Promise<void> {
  const until = clock.monotonic() + endPauseMs;
  while (!ended.aborted && clock.monotonic() < until && subscribedStream(catalog, subject) !== undefined)
    await wakeup.next(at, until);
}

/**
 * How much later than the end of its shard an answer ends. AWS's time is not known. Apache Flink's connector
 * looks for events every 250 ms (`source.reader.empty-records-fetch-interval`), and up to 6.0.0 those that it
 * has not yet taken are lost when the answer ends (FLINK-39540, FLINK-39660). Tried with 6.0.0: 100 ms lose
 * events, 300 ms do not.
 */
const endPauseMs: Millis = 1_000;

/**
 * AWS's clients give up on a subscription that is silent for 10 s (AWS SDK for Java 2.x, Kinesis read
 * timeout).
 */
const idleMs: Millis = 5_000;

const nothing = { records: 0, content: 0, behind: 0 };

function didSend(
  { meter, calls }: SubscriptionWorld,
  { consumer }: Subject,
  { stream, shard }: Current,
  event: Pick<FanOutEvent, 'records' | 'content' | 'behind' | 'next'>,
): void {
  meter.didSend(stream, shard, event, consumer);
  const { records, content: bytes, behind: age } = event;
  calls?.didSend(stream, shard.index, consumer, { records, bytes, age });
}

type Current = { readonly stream: Stream; readonly shard: Shard };

/**
 * Answers the stream and the shard as they are now; ResourceNotFoundException when the consumer or its stream
 * is gone.
 */
function follow(catalog: Catalog, subject: Subject): () => Current {
  const key = streamKeyOf(subject.stream);
  let known: Current | undefined;
  return () => {
    if (known !== undefined && catalog.state.streams.get(key) === known.stream) return known;
    const stream = subscribedStream(catalog, subject);
    const shard = stream && findShard(stream, subject.shard.index);
    if (stream === undefined || shard === undefined) throw consumerGone(subject.stream, subject.consumer);
    known = { stream, shard };
    return known;
  };
}

/** The stream as it is now, while it can be read and its consumer is registered. */
function subscribedStream({ state }: Catalog, { stream, consumer }: Subject): Stream | undefined {
  const now = state.streams.get(streamKeyOf(stream));
  if (now?.id !== stream.id || !isServing(now)) return undefined;
  const registered = now.consumers.some(({ name, status }) => name === consumer && status === 'ACTIVE');
  return registered ? now : undefined;
}

/**
 * Says when a subscription that has nothing to say should look again. What it watches it goes on watching
 * from one record to the next: only the growth of the log is asked for anew.
 */
class Wakeup {
  readonly #clock: Clock;
  readonly #log: Records;
  readonly #key: ShardKey;
  readonly #over = new AbortController();
  #watchedPast: Offset | undefined;
  #hasGrown = false;
  #alarmAt: Millis = Number.POSITIVE_INFINITY;
  #hasNews = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor({ clock, catalog, log }: SubscriptionWorld, { stream, shard }: Subject, ended: AbortSignal) {
    this.#clock = clock;
    this.#log = log;
    this.#key = { stream: stream.id, shard: shard.index };
    ended.addEventListener('abort', this.#ring, { once: true, signal: this.#over.signal });
    if (ended.aborted) this.#ring();
    detached(this.#watchCatalog(catalog), this.#fail);
  }

  /**
   * Resolves when there are records past `at`, the catalog has changed, it is time, or it is over; rarely for
   * nothing.
   */
  async next(at: Offset, time: Millis): Promise<void> {
    if (this.#watchedPast !== at) detached(this.#watchGrowth(at), this.#fail);
    if (this.#alarmAt > time) detached(this.#setAlarm(time), this.#fail);
    if (!this.#hasNews) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#hasNews = false;
    this.#wake = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Whether the log may hold more than what was watched last, since it was asked this. */
  hasGrown(): boolean {
    const hasGrown = this.#hasGrown;
    this.#hasGrown = false;
    return hasGrown;
  }

  end(): void {
    // Without a reason: the default one is an error with a stack, which is never read.
    this.#over.abort(null);
  }

  /**
   * Without what it watches, a subscription would be silent for ever: it looks now, and `next` then
   * throws the error.
   */
  readonly #fail = (error: unknown): void => {
    this.#failure ??= { error };
    this.#ring();
  };

  readonly #ring = (): void => {
    this.#hasNews = true;
    this.#wake?.();
  };

  async #watchCatalog(catalog: Catalog): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await catalog.changed(signal);
      this.#ring();
    }
  }

  /** A sealed shard has no more records; the catalog then says soon that it is closed. */
  async #watchGrowth(past: Offset): Promise<void> {
    this.#watchedPast = past;
    await this.#log.grown(this.#key, past, this.#over.signal);
    if (this.#watchedPast !== past) return;
    this.#hasGrown = true;
    this.#ring();
  }

  /** One that rings too early, because something was said meanwhile, is set again. */
  async #setAlarm(time: Millis): Promise<void> {
    this.#alarmAt = time;
    await this.#clock.sleep(time - this.#clock.monotonic(), this.#over.signal);
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#ring();
  }
}

/** Keeps a consumer to its share of a shard's throughput, with one second's worth in hand. */
class Pace {
  readonly #clock: Clock;
  readonly #limited: boolean;
  #paidUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, limited: boolean) {
    this.#clock = clock;
    this.#limited = limited;
  }

  /** Resolves when the consumer may have more after so many bytes. */
  async after(bytes: number, ended: AbortSignal): Promise<void> {
    if (!this.#limited) return;
    const now = this.#clock.monotonic();
    this.#paidUntil =
      Math.max(this.#paidUntil, now - 1000) + (bytes / limits.subscriptionBytesPerSecond) * 1000;
    if (this.#paidUntil > now) await this.#clock.sleep(this.#paidUntil - now, ended);
  }
}
