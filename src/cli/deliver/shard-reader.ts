import type { Millis } from '../../env/clock.ts';
import { encodeBatch, type Offset } from '../../kinesis/record.ts';
import type { LoggedBatch, ReadLimit } from '../../log/log.ts';
import { bytesOf, type CopiedRecord } from '../copy/copied-record.ts';
import type { CopiedPage, From, Source } from '../copy/source.ts';
import type { DeliveredShard } from './deliver-state.ts';

export type ShardReading = {
  readonly batches: readonly LoggedBatch[];
  /** No record is before it that was not answered, or is lost. */
  readonly next: Offset;
  /** Whether all is read that there is, as far as is known. */
  readonly isAtTip: boolean;
  /** Whether the shard takes no more records. */
  readonly isLast: boolean;
};

export type ShardReaderParts = {
  readonly source: Source;
  readonly shard: DeliveredShard;
  /** Where the first record is counted from. */
  readonly start: From;
  /** Records that arrived later are left out, as if they were not there. */
  readonly until: Millis;
  /** Hears how far behind the tip a page ends. */
  readonly heard: (behindMs: Millis) => void;
};

/** What the state says of a shard is not enough to go on. */
export class UnknownPlaceError extends Error {
  override readonly name = 'UnknownPlaceError';
}

/**
 * Reads a shard of another service, and counts its records. What was counted once is counted so again:
 * whatever expires meanwhile, the record after an anchor has the anchor's number.
 */
export class ShardReader {
  readonly #parts: ShardReaderParts;
  #pages: AsyncGenerator<CopiedPage> | undefined;
  #queue: CopiedRecord[] = [];
  #next: Offset = 0;
  /** Anchors that lie before what is read: it was read before. In order. */
  #ahead: (readonly [Offset, bigint])[] = [];
  #isAtTip = false;
  #isLast = false;

  constructor(parts: ShardReaderParts) {
    this.#parts = parts;
  }

  /** Rejects as `Source.pages` does; then nothing was read. */
  async read(from: Offset, limit: ReadLimit): Promise<ShardReading> {
    if (this.#pages === undefined || from !== this.#next) this.#seek(from);
    try {
      await this.#fetch();
    } catch (error) {
      this.#pages = undefined;
      throw error;
    }
    const batches = this.#take(limit);
    const isRead = this.#queue.length === 0;
    const isAtTip = isRead && this.#isAtTip;
    // Anchors are behind records that were there once.
    if (isAtTip) this.#next = Math.max(this.#next, this.#parts.shard.end ?? 0, ...this.#anchors.keys());
    return { batches, next: this.#next, isAtTip, isLast: isRead && this.#isLast };
  }

  get #anchors(): Map<Offset, string> {
    return this.#parts.shard.anchors;
  }

  #seek(from: Offset): void {
    const { source, shard, start } = this.#parts;
    const sequence = this.#anchors.get(from);
    if (from > 0 && sequence === undefined)
      throw new UnknownPlaceError(
        `it is not known where record ${from} of ${shard.shardId} is: the state is an old one`,
      );
    const place: From =
      sequence === undefined
        ? start
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: sequence };
    this.#pages = source.pages(shard.shardId, place);
    this.#queue = [];
    this.#next = from;
    this.#ahead = [...this.#anchors]
      .filter(([offset]) => offset > from)
      .sort(([one], [other]) => one - other)
      .map(([offset, anchor]) => [offset, BigInt(anchor)]);
    this.#isAtTip = false;
    this.#isLast = false;
  }

  /** One page, and those behind it while they are empty before the tip. */
  async #fetch(): Promise<void> {
    while (this.#queue.length === 0 && !this.#isLast) {
      const page = await this.#pages!.next();
      if (page.done === true) {
        this.#isLast = true;
        this.#isAtTip = true;
        return;
      }
      const { records, behindMs, isLast } = page.value;
      const kept = records.filter((record) => arrivalOf(record) <= this.#parts.until);
      this.#parts.heard(behindMs);
      this.#queue.push(...kept);
      this.#isLast = isLast;
      this.#isAtTip = isLast || behindMs === 0 || kept.length < records.length;
      if (this.#isAtTip) return;
    }
  }

  #take(limit: ReadLimit): LoggedBatch[] {
    const batches: LoggedBatch[] = [];
    let records = 0;
    let bytes = 0;
    let last: CopiedRecord | undefined;
    while (this.#queue.length > 0 && records < limit.records && bytes < limit.bytes) {
      const like = this.#alike();
      const batch = batchOf(like, this.#next);
      this.#queue.splice(0, like.length);
      this.#next += like.length;
      last = like.at(-1);
      batches.push(batch);
      records += like.length;
      bytes += batch.bytes.length;
    }
    if (last !== undefined) this.#anchors.set(this.#next, last.SequenceNumber);
    return batches;
  }

  /** What comes next, as far as it arrived at once, and up to the next anchor's record. */
  #alike(): CopiedRecord[] {
    const [first] = this.#queue;
    this.#pass(BigInt(first!.SequenceNumber));
    const [anchor] = this.#ahead;
    const arrival = arrivalOf(first!);
    const like: CopiedRecord[] = [];
    let bytes = 0;
    for (const record of this.#queue) {
      if (arrivalOf(record) !== arrival || bytes >= batchBytesMax) break;
      if (anchor !== undefined && like.length > 0 && BigInt(record.SequenceNumber) > anchor[1]) break;
      like.push(record);
      bytes += bytesOf(record);
    }
    return like;
  }

  /** The record behind an anchor has the anchor's number, though some before it be gone. */
  #pass(sequence: bigint): void {
    for (let [anchor] = this.#ahead; anchor !== undefined && sequence > anchor[1]; [anchor] = this.#ahead) {
      this.#next = Math.max(this.#next, anchor[0]);
      this.#ahead.shift();
    }
  }
}

const batchBytesMax = 256 * 1024;

function batchOf(records: readonly CopiedRecord[], first: Offset): LoggedBatch {
  const encoded = encodeBatch(
    records.map(({ PartitionKey, Data }) => ({
      partitionKey: PartitionKey,
      data: Buffer.from(Data, 'base64'),
    })),
  );
  const sequenceNumbers = records.map(({ SequenceNumber }) => SequenceNumber);
  return { ...encoded, first, arrival: arrivalOf(records[0]!), sequenceNumbers };
}

function arrivalOf({ ApproximateArrivalTimestamp: seconds = 0 }: CopiedRecord): Millis {
  return Math.round(seconds * 1000);
}
