import type { Clock, Millis } from '../../env/clock.ts';
import { openDecoder, type RecordDecoder } from '../decode/decode-records.ts';
import { runQuery, type ScanBounds } from '../query/run-query.ts';
import type { DecodedRecord } from '../view.ts';
import { viewedRecords } from './viewed-records.ts';
import type { ViewGo, ViewSaid, ViewSpec, ViewWant } from './viewer-messages.ts';

/** Asks the records that it is given by SQL. `ViewError` where that makes no sense. */
export class QueryView {
  readonly columns: readonly string[];
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #decode: RecordDecoder;
  readonly #rows: AsyncIterator<readonly unknown[]>;
  readonly #ended = new AbortController();
  readonly #waiting = new Map<number, (given: ViewGo) => void>();
  #wants: ViewWant[] = [];
  #wanted = Promise.withResolvers<void>();
  #next: Promise<IteratorResult<readonly unknown[]>> | undefined;
  #scans = 0;
  #records = 0;

  constructor({ sql, decoding }: Extract<ViewSpec, { kind: 'query' }>, clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#decode = openDecoder(decoding);
    const { columns, rows } = runQuery(sql, (bounds) => this.#scan(bounds), this.#ended.signal);
    this.columns = columns;
    this.#rows = rows[Symbol.asyncIterator]();
  }

  /** Goes on until it has so much to say, has gone on for so long, or wants records. */
  async go(given: ViewGo): Promise<ViewSaid> {
    if (given.scan !== undefined) this.#give(given.scan, given);
    const until = this.#clock.monotonic() + turnMs;
    const events: string[] = [];
    let length = 0;
    const before = this.#records;
    const said = (more: Pick<ViewSaid, 'wants' | 'isOver'>): ViewSaid => {
      const records = this.#records - before;
      return { events: Buffer.from(events.join('\n')), records, matched: events.length, ...more };
    };
    while (length < eventsLengthMax && this.#clock.monotonic() < until) {
      this.#next ??= this.#rows.next();
      const step = await Promise.race([this.#next, this.#wanted.promise]);
      if (step === undefined) return said({ wants: this.#wants[0] });
      this.#next = undefined;
      if (step.done === true) return said({ isOver: true });
      events.push(`event: row\ndata: ${JSON.stringify(step.value)}\n`);
      length += events.at(-1)!.length;
    }
    return said({});
  }

  close(): void {
    this.#ended.abort(null);
    for (const give of this.#waiting.values()) give({ slices: [], matchedMax: 0, isLast: true });
  }

  #give(scan: number, given: ViewGo): void {
    this.#wants = this.#wants.filter((want) => want.scan !== scan);
    if (this.#wants.length === 0) this.#wanted = Promise.withResolvers();
    this.#waiting.get(scan)?.(given);
    this.#waiting.delete(scan);
  }

  async *#scan(bounds: ScanBounds): AsyncGenerator<Iterable<DecodedRecord>> {
    const scan = this.#scans++;
    for (let isLast = false, asked: ScanBounds | undefined = bounds; !isLast; asked = undefined) {
      const given = await new Promise<ViewGo>((resolve) => {
        this.#waiting.set(scan, resolve);
        this.#wants.push({ scan, bounds: asked });
        this.#wanted.resolve();
      });
      isLast = given.isLast === true;
      yield this.#decoded(given);
    }
  }

  *#decoded({ slices }: ViewGo): Generator<DecodedRecord> {
    for (const { record } of viewedRecords(slices)) {
      this.#records += 1;
      yield* this.#decode([record]);
    }
  }
}

/** Others have their turn then. */
const turnMs: Millis = 100;
const eventsLengthMax = 64 * 1024;
