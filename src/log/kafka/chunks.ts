import { hash } from 'node:crypto';
import type { Clock, Millis } from '../../env/clock.ts';
import type { PartitionOf } from '../../env/kafka.ts';
import { encodeBatch, recordsOf } from '../../kinesis/record.ts';
import { DamagedError, type LoggedBatch, UnavailableError } from '../log.ts';
import { type ChunkReference, referenceTo } from './chunk-reference.ts';
import type { KafkaClient, KafkaOffset } from './client.ts';

/**
 * Large records of a log, in chunks in a topic of their own. Several processes write there at once, so chunks
 * of one record are not next to each other. What a crash leaves behind is forgotten with what comes after it.
 */
export class Chunks {
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  readonly #at: PartitionOf;

  constructor(client: KafkaClient, clock: Clock, topic: string) {
    this.#client = client;
    this.#clock = clock;
    this.#at = { topic, partition: 0 };
  }

  /**
   * Resolves once all are durable. Rejects with `UnavailableError` also when that took so long that others
   * may have forgotten the first of them.
   */
  async write(bytes: Buffer): Promise<ChunkReference> {
    const began = this.#clock.monotonic();
    const appends: Promise<{ readonly first: KafkaOffset }>[] = [];
    for (let begin = 0; begin < bytes.length; begin += chunkBytes) {
      const data = bytes.subarray(begin, begin + chunkBytes);
      appends.push(this.#client.append(this.#at, encodeBatch([{ partitionKey: undefined, data }])));
    }
    const written = await Promise.all(appends);
    if (this.#clock.monotonic() - began > writingMsMax) {
      throw new UnavailableError('A large record took too long to be written.');
    }
    return referenceTo(
      bytes,
      written.map(({ first }) => first),
    );
  }

  /** Rejects with `DamagedError` when a chunk is missing or something is not as it was written. */
  async read({ offsets, bytes, sha256 }: ChunkReference): Promise<Buffer> {
    const wanted = new Set(offsets);
    const found = new Map<KafkaOffset, Uint8Array>();
    let next = Math.min(...offsets);
    const end = Math.max(...offsets) + 1;
    while (next < end) {
      const { batches } = await this.#client.read(this.#at, next, pageLimit);
      const last = batches.at(-1);
      if (last === undefined) break;
      next = last.first + last.count;
      for (const batch of batches) this.#keep(batch, wanted, found);
    }
    const missing = offsets.find((offset) => !found.has(offset));
    if (missing !== undefined) throw new DamagedError(`chunk ${missing} of ${this.#at.topic} is missing`);
    const whole = Buffer.concat(offsets.map((offset) => found.get(offset)!));
    if (whole.length === bytes && hash('sha256', whole) === sha256) return whole;
    const range = `${offsets[0]} to ${offsets.at(-1)}`;
    throw new DamagedError(`the chunks ${range} of ${this.#at.topic} are not what was written there`);
  }

  /**
   * Forgets what is before all of these, but for what is so young, at a time by the brokers' clocks, that the
   * record which is to name it may be under way.
   */
  async trim(references: readonly ChunkReference[], now: Millis): Promise<void> {
    const { start, end } = await this.#client.bounds(this.#at, 'now');
    const young = await this.#client.seek(this.#at, now - chunkLifeMs);
    const before = Math.min(end, young, ...references.flatMap(({ offsets }) => offsets));
    if (before > start) await this.#client.trim(this.#at, before);
  }

  #keep(batch: LoggedBatch, wanted: ReadonlySet<KafkaOffset>, found: Map<KafkaOffset, Uint8Array>): void {
    for (const { offset, data } of recordsOf(batch)) if (wanted.has(offset)) found.set(offset, data);
  }
}

/** A batch with more bytes goes in chunks of so many. */
export const chunkBytes = 1 << 20;

const pageLimit = { records: 64, bytes: 8 << 20 };

/** How long the chunks of a record may take to be written: then it is begun again. */
const writingMsMax: Millis = 600_000;

/**
 * How old chunks are before they may be forgotten: several times what writing may take, so that brokers'
 * clocks need not agree.
 */
const chunkLifeMs: Millis = 3_600_000;
