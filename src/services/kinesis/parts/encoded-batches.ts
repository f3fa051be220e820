import type { StoredBatch } from '../../../kinesis/record.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { OwnList, Writer } from '../../../wire/writer.ts';
import { RecordWriter } from './record-writer.ts';

/**
 * Writes batches into answers, and keeps the bytes of the larger ones: the next reader of the same records
 * gets the same bytes, uncopied. A shard's offsets never change what they hold and a stream's id is never
 * reused, so nothing that is kept becomes untrue. The batch that was not asked for longest goes first.
 */
export class EncodedBatches {
  /** In the order of use, the last used last. */
  readonly #kept = new Map<string, Buffer>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;

  constructor(bytesMax = keptBytesMax) {
    this.#keptBytesMax = bytesMax;
  }

  /** The number of bytes that are kept. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** The records of batches as a list, which is written when its answer is. */
  list(stream: Stream, shard: Shard, batches: readonly StoredBatch[]): OwnList {
    return { writeItems: (writer) => this.write(writer, stream, shard, batches) };
  }

  /** Writes the records of batches, or of parts of them, as items of a list. */
  write(writer: Writer, stream: Stream, shard: Shard, batches: readonly StoredBatch[]): void {
    const records = new RecordWriter(writer, shard);
    for (const batch of batches) this.#write(records, writer, stream, shard, batch);
  }

  /** The same for the items of any page, with a turn for other work after every few milliseconds. */
  async writeInTurns(
    turn: () => Promise<void>,
    ...[writer, stream, shard, batches]: Parameters<EncodedBatches['write']>
  ): Promise<OwnList> {
    const records = new RecordWriter(writer, shard);
    let work = 0;
    for (const batch of batches) {
      work += this.#write(records, writer, stream, shard, batch);
      if (work < turnWork) continue;
      await turn();
      work = 0;
    }
    const pieces = writer.sink.pieces();
    return {
      writeItems(answer) {
        for (const piece of pieces) answer.items(piece);
      },
    };
  }

  /** Answers how much work this was; 0 when the bytes were kept. */
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

/** The most that all threads of a server keep together, if their number is given: see `keptBytesOf`. */
export const keptBytesMax = 64 * 1024 * 1024;

/** Smaller batches are written as fast as they are found, and would split answers into very many pieces. */
const sharedBytesMin = 16 * 1024;

/** Encoding a record costs as much as this many bytes of data. */
const recordWork = 512;

/** One or two milliseconds, and more where memory is touched for the first time. */
const turnWork = 2 * 1024 * 1024;
