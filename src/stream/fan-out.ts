import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import { type Shard, type Stream, trimHorizon } from '../kinesis/stream.ts';
import type { Records } from '../log/log.ts';
import { countsOf, keyArnsOf, type Page, type PageRequest, readPage } from './read.ts';

/** A page of a shard, encoded as it goes to consumers. */
export type FanOutEvent = Omit<Page, 'batches'> & {
  /** Undefined when there is nothing to say: no record, and the shard goes on. */
  readonly message: Buffer | undefined;
  /** How many records it has, and the bytes of their keys and data. */
  readonly records: number;
  readonly content: number;
  /** When the first of its records arrived. */
  readonly oldest: Millis;
  /** The KMS keys under which its records are stored. */
  readonly keyArns: readonly string[];
};

/** Encodes a page that either holds records or ends its shard. */
export type EncodePage = (stream: Stream, shard: Shard, page: Page) => Buffer;

/**
 * Makes events, and keeps the latest ones. Consumers at the tip ask for the same offset at the same time, so
 * a batch is read and encoded once, however many they are.
 */
export class FanOut {
  readonly #encode: EncodePage;
  /** In the order in which they were made. */
  #kept = new Map<string, Promise<FanOutEvent>>();
  #keptBytes = 0;

  constructor(encode: EncodePage) {
    this.#encode = encode;
  }

  /** The event that begins at an offset. */
  async event(log: Records, stream: Stream, shard: Shard, from: Offset, now: Millis): Promise<FanOutEvent> {
    const name = `${stream.id}/${shard.index}/${from}`;
    const horizon = trimHorizon(stream, now);
    const kept = this.#kept.get(name);
    // Nothing is awaited before this: all consumers at the tip are woken at once, and the first must be seen
    // by the others.
    if (kept === undefined)
      return this.#keep(name, this.#make(log, stream, shard, { from, horizon, now, ...eventMax }));
    // Asked at once: what is written while the event is made does not make it untrue. In a worker both take
    // a while, and another event made instead would not be through before the next record came.
    const [event, end] = await Promise.all([kept, endOf(log, stream, shard)]);
    if (isTrue(event, shard, horizon, end)) return event;
    // The first consumer that finds it untrue forgets it; the others share what that one makes.
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    return this.event(log, stream, shard, from, now);
  }

  async #keep(name: string, making: Promise<FanOutEvent>): Promise<FanOutEvent> {
    this.#kept.set(name, making);
    try {
      const made = await making;
      this.#account(name, made);
      return made;
    } catch (error) {
      this.#kept.delete(name);
      throw error;
    }
  }

  async #make(log: Records, stream: Stream, shard: Shard, request: PageRequest): Promise<FanOutEvent> {
    const { batches, ...page } = await readPage(
      log,
      { stream: stream.id, shard: shard.index },
      shard,
      request,
    );
    const says = batches.length > 0 || page.finished;
    const message = says ? this.#encode(stream, shard, { batches, ...page }) : undefined;
    const oldest = batches[0]?.arrival ?? request.now;
    return { ...page, ...countsOf(batches), message, oldest, keyArns: keyArnsOf(batches) };
  }

  #account(name: string, { message }: FanOutEvent): void {
    if (message === undefined) this.#kept.delete(name);
    else this.#keptBytes += message.length;
    if (this.#keptBytes <= keptBytesMax) return;
    this.#kept = new Map();
    this.#keptBytes = 0;
  }
}

/** The offset after a shard's last record. */
async function endOf(log: Records, stream: Stream, { index, closed }: Shard): Promise<Offset> {
  return closed?.end ?? (await log.position({ stream: stream.id, shard: index })).end;
}

/**
 * An event that was made earlier may have become untrue: records expired or were added, or the shard was
 * closed.
 */
function isTrue(
  { oldest, next, behind, message }: FanOutEvent,
  { closed }: Shard,
  horizon: Millis,
  end: Offset,
): boolean {
  if (oldest < horizon) return false;
  // What was not the tip is never the tip again.
  if (behind > 0) return true;
  // Where there was nothing to say there now is the end. Records are the same records: the end is another
  // event.
  return next >= end && (closed === undefined || message !== undefined);
}

/** Small enough to be sent in one go, large enough to catch up fast. */
const eventMax = { recordsMax: 10_000, bytesMax: 1024 * 1024 };

/** Forgotten all at once: consumers that share events ask for them within milliseconds. */
const keptBytesMax = 16 * 1024 * 1024;
