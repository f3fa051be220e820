import type { Millis } from '../../env/clock.ts';
import type { ObjectWriter } from '../format/object-writer.ts';
import type { DeliveredRecord } from '../record/delivered-record.ts';

/**
 * Records on their way to an HTTP endpoint, as the elements of the request's list: `{"data":"BASE64"}`, with
 * commas between them (Data Firehose developer guide, "HTTP endpoint delivery request and response
 * specifications"). They are no whole request yet: that says when it was made, and which it is.
 */
export class HttpRecords implements ObjectWriter {
  readonly #pieces: Buffer[] = [];
  readonly #arrivals: Millis[] = [];
  #rawBytes = 0;
  #heldBytes = 0;

  get rawBytes(): number {
    return this.#rawBytes;
  }

  get records(): number {
    return this.#arrivals.length;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  async add(records: readonly DeliveredRecord[]): Promise<readonly []> {
    if (records.length === 0) return [];
    const elements = records.map(({ data }) => `{"data":"${data.toString('base64')}"}`);
    const comma = this.#pieces.length > 0 ? ',' : '';
    const piece = Buffer.from(comma + elements.join(','), 'latin1');
    this.#pieces.push(piece);
    this.#heldBytes += piece.length + records.length * arrivalBytes;
    for (const { data, arrival } of records) {
      this.#rawBytes += data.length;
      this.#arrivals.push(arrival);
    }
    return [];
  }

  /** Whether so many bytes of records more would make a request that endpoints need not take. */
  isFullFor(bytes: number): boolean {
    const more = Math.ceil(bytes / 3) * 4 + elementBytes;
    return this.records > 0 && this.#heldBytes + more > requestBytesMax;
  }

  async finish(): Promise<FinishedRecords> {
    return {
      bytes: this.#pieces,
      contentType: 'application/json',
      extension: '',
      arrivals: Float64Array.from(this.#arrivals),
    };
  }
}

export type FinishedRecords = Awaited<ReturnType<ObjectWriter['finish']>> & {
  /** When each record arrived. */
  readonly arrivals: Float64Array;
};

/** Of a number in an array. */
const arrivalBytes = 8;
/** `{"data":""},`, and its arrival. */
const elementBytes = 12 + arrivalBytes;

/** Before it is compressed (the same page). What surrounds the records has less than 1 KiB. */
const requestBytesMax = 64 * 1024 * 1024 - 1024;
