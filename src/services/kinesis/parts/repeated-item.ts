import { advanceNumber, sequenceNumberDigits } from '../../../kinesis/sequence-number.ts';
import type { ByteSink } from '../../../wire/byte-sink.ts';
import type { Writer } from '../../../wire/writer.ts';

/** A list's item, or the start of one: encoded once, and copied many times with rising sequence numbers. */
export class RepeatedItem {
  readonly #writer: Writer;
  #start = 0;
  #end = 0;
  #numberEnd = none;

  /** `writer` is for items; several items may lie in it one after the other. */
  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /**
   * Begins the item as a map, with the number of the first record if it has one. The caller writes the rest,
   * and then calls `end`.
   */
  begin(number?: string): void {
    const writer = this.#writer;
    const { sink } = writer;
    this.#start = sink.end;
    writer.openMap();
    if (number === undefined) return;
    writer.key('SequenceNumber');
    writer.string(number);
    this.#numberEnd = sink.buffer.lastIndexOf(number.charCodeAt(sequenceNumberDigits - 1), sink.end - 1) + 1;
  }

  end(): void {
    this.#end = this.#writer.sink.end;
  }

  /** The number in the next copy. */
  get number(): string {
    const { buffer } = this.#writer.sink;
    return buffer.toString('latin1', this.#numberEnd - sequenceNumberDigits, this.#numberEnd);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  copyTo(sink: ByteSink): void {
    const { buffer } = this.#writer.sink;
    sink.copy(buffer, this.#start, this.#end);
    if (this.#numberEnd !== none) advanceNumber(buffer, this.#numberEnd);
  }
}

const none = -1;
