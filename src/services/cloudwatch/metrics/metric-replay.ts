import assert from 'node:assert/strict';
import type { Millis } from '../../../env/clock.ts';
import type { JournalLog } from '../../../journal/journal-log.ts';
import { type Offset, recordsOf } from '../../../kinesis/record.ts';
import { decodeRecord, type MetricRecord } from './metric-record.ts';
import type { SeriesSamples } from './metrics.ts';

/** A page of several. */
type Page = Extract<MetricRecord, { readonly kind: 'page' }>;

/** Hears what a log has, in order. */
type Hearer = {
  put(series: readonly SeriesSamples[], offset: Offset, arrival: Millis, bytes: number): void;
  /** All pages of a snapshot, or of what was moved; `first` is the offset of the first one. */
  pages(all: Iterable<Page>, last: Page, first: Offset, bytes: number): void;
};

/** Reads a log from its beginning. Answers its end. Pages that are not complete count for nothing. */
export async function replayed(log: JournalLog, name: string, hearer: Hearer): Promise<Offset> {
  const pages = new WaitingPages(name);
  for (let next = 0; ; ) {
    const batches = await log.read(next, replayPage);
    if (batches.length === 0) return next;
    for (const batch of batches) {
      for (const { offset, arrival, data } of recordsOf(batch)) {
        if (offset < next) continue;
        const record = decodeRecord(data, `record ${offset} in the log of ${name}`);
        if (record.kind === 'put') {
          pages.forget();
          hearer.put(record.series, offset, arrival, data.length);
        } else if (pages.add(record, offset, data) && record.isLast) {
          hearer.pages(pages.all(), record, pages.first, pages.bytes);
          pages.forget();
        }
      }
      next = Math.max(next, batch.first + batch.count);
    }
  }
}

/** Pages that wait for their last one, as they are in the log: decoded they take several times as much. */
class WaitingPages {
  readonly #name: string;
  #pages: Buffer[] = [];
  #first: Offset = 0;
  #bytes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get first(): Offset {
    return this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it follows the ones before. */
  add({ index }: Page, offset: Offset, data: Uint8Array): boolean {
    if (index === 0) {
      this.forget();
      this.#first = offset;
    }
    if (index !== this.#pages.length) return false;
    this.#pages.push(Buffer.from(data));
    this.#bytes += data.length;
    return true;
  }

  forget(): void {
    this.#pages = [];
    this.#bytes = 0;
  }

  *all(): Generator<Page> {
    for (const [index, page] of this.#pages.entries()) {
      const record = decodeRecord(page, `record ${this.#first + index} in the log of ${this.#name}`);
      assert(record.kind === 'page');
      yield record;
    }
  }
}

const replayPage = { records: 10_000, bytes: 1024 * 1024 };
