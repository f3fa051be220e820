import type { FormattedRequest } from '../formatter/chunk-setting.ts';
import type { DeliveredRecord } from '../record/delivered-record.ts';
import { HttpRecords } from './http-records.ts';

/** The requests of a chunk: one, mostly; more where its records are more than an endpoint has to take. */
export class HttpRequests {
  readonly #requests: { readonly records: HttpRecords; oldest: number }[] = [];

  /** Of all of them, as records had it. */
  get rawBytes(): number {
    return this.#requests.reduce((sum, { records }) => sum + records.rawBytes, 0);
  }

  get heldBytes(): number {
    return this.#requests.reduce((sum, { records }) => sum + records.heldBytes, 0);
  }

  /** All of them fit. */
  async add(records: readonly DeliveredRecord[]): Promise<readonly []> {
    for (let at = 0, end = 0; at < records.length; at = end) {
      let bytes = 0;
      for (; end < records.length && bytes < pieceBytes; end++) {
        bytes += records[end]!.data.length + surroundingBytes;
      }
      const piece = records.slice(at, end);
      const request = this.#roomFor(bytes);
      for (const { arrival } of piece) request.oldest = Math.min(request.oldest, arrival);
      await request.records.add(piece);
    }
    return [];
  }

  async finish(): Promise<readonly FormattedRequest[]> {
    const finished: FormattedRequest[] = [];
    for (const { records, oldest } of this.#requests) {
      const { bytes, arrivals } = await records.finish();
      finished.push({ bytes, arrivals, oldest, records: records.records, rawBytes: records.rawBytes });
    }
    return finished;
  }

  #roomFor(bytes: number) {
    const last = this.#requests.at(-1);
    if (last !== undefined && !last.records.isFullFor(bytes)) return last;
    const next = { records: new HttpRecords(), oldest: Number.POSITIVE_INFINITY };
    this.#requests.push(next);
    return next;
  }
}

/** Records that go into one request together have so much, and the last of them. */
const pieceBytes = 256 * 1024;

/** What a record has around its data, and what base64 adds at its end. */
const surroundingBytes = 24;
