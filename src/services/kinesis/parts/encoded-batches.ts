import type { StoredBatch } from '../../../kinesis/record.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { Writer } from '../../../wire/writer.ts';
import { RecordWriter } from './record-writer.ts';

/**
 * Puts batches into answers, and keeps what that made of the larger ones: the next reader of the same records
 * gets the same bytes, not even copied. What a shard's offsets hold never changes and a stream's id is never
 * used again, so nothing that is kept can become untrue; what has not been asked for longest goes first.
 */
export class EncodedBatches {
  /** The latest asked for comes last. */
  readonly #kept = new Map<string, Buffer>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;

  constructor(bytesMax = keptBytesMax) {
    this.#keptBytesMax = bytesMax;
  }

  /** All bytes that are kept. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Writes the records of batches, or of parts of them, as items of a list. */
  write(writer: Writer, stream: Stream, shard: Shard, batches: readonly StoredBatch[]): void {
    const records = new RecordWriter(writer, shard);
    for (const batch of batches) this.#write(records, writer, stream, shard, batch);
  }

  /** The same, with a turn for others after some milliseconds of work. */
  async writeInTurns(
    turn: () => Promise<void>,
    ...[writer, stream, shard, batches]: Parameters<EncodedBatches['write']>
  ): Promise<void> {
    const records = new RecordWriter(writer, shard);
    let work = 0;
    for (const batch of batches) {
      work += this.#write(records, writer, stream, shard, batch);
      if (work < turnWork) continue;
      await turn();
      work = 0;
    }
  }

  /** Answers how much work it was: none when it was kept. */
  #write(records: RecordWriter, writer: Writer, { id }: Stream, shard: Shard, batch: StoredBatch): number {
    const work = batch.bytes.length + batch.count * recordWork;
    if (batch.bytes.length < sharedBytesMin) {
      records.write(batch);
      return work;
    }
    const key = `${id}/${shard.index}/${batch.first}/${batch.count}/${writer.encoding}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      writer.items(kept);
      return 0;
    }
    const own = writer.forItems();
    new RecordWriter(own, shard).write(batch);
    const made = own.sink.bytes();
    this.#keep(key, made);
    writer.items(made);
    return work;
  }

  #keep(key: string, made: Buffer): void {
    this.#kept.set(key, made);
    this.#keptBytes += made.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= this.#keptBytesMax) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

/** What all threads of a server keep together. */
export const keptBytesMax = 64 * 1024 * 1024;

/** Less is written as fast as it is found, and would make answers of very many pieces. */
const sharedBytesMin = 16 * 1024;

/** A record is as much work as so many bytes of data. */
const recordWork = 512;

/** One or two milliseconds, and more where memory is touched for the first time. */
const turnWork = 2 * 1024 * 1024;
