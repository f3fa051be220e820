import type { StoredBatch } from '../kinesis/record.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';
import { writeRecords } from '../wire/record-writer.ts';
import type { Writer } from '../wire/writer.ts';

/**
 * Puts batches into answers, and keeps what that made of the larger ones: the next reader of the same records gets the
 * same bytes, not even copied. What a shard's offsets hold never changes and a stream's id is never used again, so
 * nothing that is kept can become untrue; what has not been asked for longest goes first.
 */
export class WrittenBatches {
  /** The latest asked for comes last. */
  readonly #kept = new Map<string, Buffer>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;

  constructor(keptBytesMax = 64 * 1024 * 1024) {
    this.#keptBytesMax = keptBytesMax;
  }

  /** All bytes that are kept. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Writes the records of a batch, or of a part of one, as items of a list. */
  write(writer: Writer, stream: Stream, shard: Shard, batch: StoredBatch): void {
    if (batch.bytes.length < sharedBytesMin) writeRecords(writer, shard, batch);
    else writer.items(this.#written(writer, stream, shard, batch));
  }

  #written(writer: Writer, { id }: Stream, shard: Shard, batch: StoredBatch): Buffer {
    const key = `${id}/${shard.index}/${batch.first}/${batch.count}/${writer.encoding}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const own = writer.forItems();
    writeRecords(own, shard, batch);
    const made = own.sink.bytes();
    this.#keep(key, made);
    return made;
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

/** Less is written as fast as it is found, and would make answers of very many pieces. */
const sharedBytesMin = 16 * 1024;
