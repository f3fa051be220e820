import type { Clock, Millis } from '../../env/clock.ts';
import type { ViewedRecord } from '../../views/view.ts';
import type { CopiedRecord } from '../copy/copied-record.ts';
import type { CopiedPage } from '../copy/source.ts';

/** A record that was read, with where it belongs among those of other shards. */
export type ReadRecord = {
  readonly record: ViewedRecord;
  /** Its arrival, or that of an earlier record of its shard which says a later one: a shard's order holds. */
  readonly order: Millis;
  /** When it was here, by the monotonic clock. */
  readonly receivedAt: Millis;
};

/** Where a reader is in one shard. */
export class ShardCursor {
  readonly shard: string;
  readonly #pages: AsyncGenerator<CopiedPage>;
  readonly #clock: Clock;
  /** Records from this time on are not wanted. */
  readonly #end: Millis;
  #buffer: ReadRecord[] = [];
  #taken = 0;
  #order: Millis;
  /** Whether the last page came to the tip, and when that was asked for, by the monotonic clock. */
  #tip: { readonly askedAt: Millis } | undefined;
  #isShardOver = false;
  #isPastEnd = false;

  /** No record of it comes before `order`, the last one of what it was made of. */
  constructor(
    shard: string,
    pages: AsyncGenerator<CopiedPage>,
    clock: Clock,
    { end, order }: { readonly end: Millis; readonly order: Millis },
  ) {
    this.shard = shard;
    this.#order = order;
    this.#pages = pages;
    this.#clock = clock;
    this.#end = end;
  }

  /** Whether everything that was read was taken. */
  get isEmpty(): boolean {
    return this.#taken === this.#buffer.length;
  }

  /** Whether all that had arrived by the last call is known. */
  get isAtTip(): boolean {
    return this.#tip !== undefined;
  }

  /** That of its last record, or of one before it which says a later time. */
  get order(): Millis {
    return this.#order;
  }

  /** Whether the shard has ended: its children may be read. */
  get isShardOver(): boolean {
    return this.#isShardOver;
  }

  /** Whether no more is to be read. */
  get isOver(): boolean {
    return this.#isShardOver || this.#isPastEnd;
  }

  /** Whether no record of this shard is still to come before that of another one. */
  knowsBefore({ order, receivedAt }: ReadRecord): boolean {
    return this.isOver || order <= this.#order || (this.#tip !== undefined && this.#tip.askedAt > receivedAt);
  }

  /** Reads the next page. To be called once everything was taken. */
  async read(): Promise<void> {
    const askedAt = this.#clock.monotonic();
    const { value: page, done } = await this.#pages.next();
    this.#buffer = [];
    this.#taken = 0;
    if (done === true) {
      this.#isShardOver = true;
      return;
    }
    const receivedAt = this.#clock.monotonic();
    for (const copied of page.records) this.#add(copied, receivedAt);
    this.#isShardOver = page.isLast;
    this.#tip = page.behindMs === 0 ? { askedAt } : undefined;
    if (this.#tip !== undefined && this.#clock.now() >= this.#end) this.#isPastEnd = true;
  }

  #add(copied: CopiedRecord, receivedAt: Millis): void {
    const record = viewedRecord(this.shard, copied);
    this.#order = Math.max(this.#order, record.arrival);
    if (record.arrival < this.#end) this.#buffer.push({ record, order: this.#order, receivedAt });
    else this.#isPastEnd = true;
  }

  /** Takes records for as long as they may go. */
  take(mayGo: (record: ReadRecord) => boolean, into: ReadRecord[]): void {
    while (this.#taken < this.#buffer.length) {
      const next = this.#buffer[this.#taken]!;
      if (!mayGo(next)) return;
      into.push(next);
      this.#taken++;
    }
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#isPastEnd = true;
  }
}

function viewedRecord(shardId: string, copied: CopiedRecord): ViewedRecord {
  const { SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp = 0 } = copied;
  return {
    shardId,
    sequenceNumber: SequenceNumber,
    partitionKey: PartitionKey,
    arrival: Math.round(ApproximateArrivalTimestamp * 1000),
    data: Buffer.from(Data, 'base64'),
  };
}
