import type { Clock, Millis } from '../../env/clock.ts';
import type { PartitionOf } from '../../env/kafka.ts';
import { type Offset, recordEnd } from '../../kinesis/record.ts';
import { inOnePiece } from '../in-one-piece.ts';
import {
  type Appended,
  DamagedError,
  type LoggedBatch,
  type NewBatch,
  type Position,
  type ReadRequest,
  type Slice,
  UnavailableError,
} from '../log.ts';
import { aroundReferences, type ChunkReference, encodeReference, referenceIn } from './chunk-reference.ts';
import { type Chunks, chunkBytes } from './chunks.ts';
import type { Bounds, FetchedBatches, KafkaClient } from './client.ts';

/** A log that is the one partition of a topic, with its large records elsewhere. */
export class TopicLog {
  readonly #client: KafkaClient;
  readonly #clock: Clock;
  readonly #at: PartitionOf;
  readonly #chunks: Chunks;
  /** Where appends go on, when one before them is not under way yet. */
  #turn: Promise<void> | undefined;
  /** What the latest record is known to be. */
  #last: { readonly end: Offset; readonly arrival: Millis } = { end: 0, arrival: Number.NEGATIVE_INFINITY };

  constructor(client: KafkaClient, clock: Clock, topic: string, chunks: Chunks) {
    this.#client = client;
    this.#clock = clock;
    this.#at = { topic, partition: 0 };
    this.#chunks = chunks;
  }

  /** Appends in the order of the calls. What is encrypted goes as it is, however large. */
  async append(batch: NewBatch): Promise<Appended> {
    const isLarge = batch.key === undefined && batch.bytes.length > chunkBytes;
    if (!isLarge && this.#turn === undefined) return await this.#client.append(this.#at, batch);
    const before = this.#turn ?? Promise.resolve();
    const called = before.then(async () => {
      const small = isLarge ? encodeReference(await this.#chunks.write(batch.bytes)) : batch;
      return { appended: this.#client.append(this.#at, small) };
    });
    const turn: Promise<void> = called.then(
      () => this.#pass(turn),
      () => this.#pass(turn),
    );
    this.#turn = turn;
    return await (await called).appended;
  }

  /** All is there that anyone had been told is, before the call. */
  async read({ from, since, limit, own }: ReadRequest): Promise<Slice> {
    for (;;) {
      const bounds = await this.#client.bounds(this.#at, 'now');
      const sought = Number.isFinite(since) ? await this.#client.seek(this.#at, since) : 0;
      const begin = Math.max(from, sought, bounds.start);
      const fetched = begin < bounds.end ? await this.#fetch(begin, limit, bounds.end) : undefined;
      const batches = await this.#whole(fetched?.batches ?? [], fetched?.start ?? bounds.start);
      // Records were trimmed while their chunks were read.
      if (batches === undefined) continue;
      const position = await this.#positionIn(fetched ?? bounds);
      return { ...position, batches: own === true ? inOnePiece(batches) : batches };
    }
  }

  async seek(time: Millis): Promise<Offset> {
    const { start } = await this.#client.bounds(this.#at, 'now');
    return Math.max(start, await this.#client.seek(this.#at, time));
  }

  async position(): Promise<Position> {
    return await this.#positionIn(await this.#client.bounds(this.#at, 'now'));
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#client.grown(this.#at, past, signal);
  }

  /** Chunks that cannot be forgotten now are when the log is trimmed again. */
  async trim(before: Offset): Promise<void> {
    const { start, end } = await this.#client.bounds(this.#at, 'now');
    const kept = Math.min(before, end);
    if (kept <= start) return;
    await this.#client.trim(this.#at, kept);
    try {
      const { references, now } = await this.#named(kept, end);
      if (now !== undefined) await this.#chunks.trim(references, now);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }

  #pass(turn: Promise<void>): void {
    if (this.#turn === turn) this.#turn = undefined;
  }

  /** A leader that was just elected may show less than was acknowledged, for a moment. */
  async #fetch(from: Offset, limit: ReadRequest['limit'], end: Offset): Promise<FetchedBatches> {
    for (let attempt = 0; attempt < fetchesMax; attempt++) {
      const fetched = await this.#client.read(this.#at, from, limit);
      if (fetched.batches.length > 0 || fetched.end >= end) return fetched;
      await this.#clock.sleep(fetchAgainMs);
    }
    throw new UnavailableError(`The leader of ${this.#at.topic} does not show what it has.`);
  }

  /** The batches themselves, from `start` on; undefined when some of them are not there any more. */
  async #whole(batches: readonly LoggedBatch[], start: Offset): Promise<LoggedBatch[] | undefined> {
    const whole: LoggedBatch[] = [];
    for (const batch of aroundReferences(batches)) {
      if (batch.first + batch.count <= start) continue;
      const reference = referenceIn(batch);
      if (reference === undefined) {
        whole.push(from(batch, start));
        continue;
      }
      try {
        whole.push({ ...batch, bytes: await this.#chunks.read(reference) });
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
        const { start: left } = await this.#client.bounds(this.#at, 'now');
        if (left > batch.first) return undefined;
        throw new DamagedError(`record ${batch.first} of ${this.#at.topic}: ${error.message}`);
      }
    }
    return whole;
  }

  async #positionIn({ start, end }: Bounds): Promise<Position> {
    if (this.#last.end !== end) {
      const { batches } = end > start ? await this.#client.read(this.#at, end - 1, oneRecord) : nothing;
      const arrival = batches.at(-1)?.arrival ?? this.#last.arrival;
      this.#last = { end, arrival };
    }
    return { start, end, lastArrival: this.#last.arrival };
  }

  /** The chunks that are named from `begin` on, and when the last record arrived. */
  async #named(
    begin: Offset,
    end: Offset,
  ): Promise<{ readonly references: readonly ChunkReference[]; readonly now: Millis | undefined }> {
    const references: ChunkReference[] = [];
    let now: Millis | undefined;
    for (let next = begin; next < end; ) {
      const { batches } = await this.#client.read(this.#at, next, page);
      const last = batches.at(-1);
      if (last === undefined) break;
      for (const batch of aroundReferences(batches)) {
        const reference = referenceIn(batch);
        if (reference !== undefined) references.push(reference);
      }
      next = last.first + last.count;
      now = last.arrival;
    }
    return { references, now };
  }
}

/** A batch without its records before `start`: what was trimmed may be wrong by now. */
function from(batch: LoggedBatch, start: Offset): LoggedBatch {
  const { first, count, bytes, encryption } = batch;
  if (first >= start || encryption !== undefined) return batch;
  let at = 0;
  for (let offset = first; offset < start; offset++) at = recordEnd(bytes, at);
  return { ...batch, first: start, count: count - (start - first), bytes: bytes.subarray(at) };
}

const nothing: Pick<FetchedBatches, 'batches'> = { batches: [] };
const oneRecord = { records: 1, bytes: 1 };
const page = { records: 10_000, bytes: 4 << 20 };
const fetchesMax = 100;
const fetchAgainMs: Millis = 50;
