import { openDecoder, type RecordDecoder } from '../decode/decode-records.ts';
import type { Where } from '../view.ts';
import { compileWhere } from '../where/compile-where.ts';
import { recordEvent } from './record-event.ts';
import { viewedRecords } from './viewed-records.ts';
import type { ViewGo, ViewSaid, ViewSpec } from './viewer-messages.ts';

/** Filters and decodes the records of a tail. `ViewError` where what was typed makes no sense. */
export class TailView {
  readonly columns: readonly string[] = [];
  readonly #decode: RecordDecoder;
  readonly #where: Where | undefined;
  readonly #isDecoded: boolean;

  constructor({ where, decoding, isDecoded }: Extract<ViewSpec, { kind: 'tail' }>) {
    this.#decode = openDecoder(decoding);
    this.#where = where === undefined ? undefined : compileWhere(where);
    this.#isDecoded = isDecoded;
  }

  async go({ slices, matchedMax }: ViewGo): Promise<ViewSaid> {
    const events: string[] = [];
    let records = 0;
    const said = (cut?: ViewSaid['cut']): ViewSaid => ({
      ...{ events: Buffer.from(events.join('\n')), records, matched: events.length, cut },
    });
    for (const { record, slice, offset } of viewedRecords(slices)) {
      if (events.length >= matchedMax) return said({ slice, next: offset });
      records += 1;
      let isMatched = false;
      for (const decoded of this.#decode([record])) {
        if (events.length >= matchedMax) break;
        if (this.#where?.matches(decoded) === false) continue;
        isMatched = true;
        if (this.#isDecoded) events.push(recordEvent(decoded));
      }
      // As it was put, though several records may have been put into it.
      if (isMatched && !this.#isDecoded) events.push(recordEvent(record));
    }
    return said();
  }

  close(): void {}
}
