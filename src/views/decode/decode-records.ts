import { bufferOf } from '../../env/buffer-of.ts';
import type { DecodedRecord, Decoding, ViewedRecord } from '../view.ts';
import { deaggregated, type SingleRecord } from './deaggregated.ts';
import { openForm, type Understood } from './open-form.ts';

/**
 * Decodes records of one kind, page after page, one after the other and only as they are asked for: an
 * aggregate of 10 MiB may hold a million. Never fails for what is in a record; that is its `trouble`.
 */
export type RecordDecoder = (records: Iterable<ViewedRecord>) => Iterable<DecodedRecord>;

/** A schema is read once. `ViewError` where it is none. */
export function openDecoder(decoding: Decoding): RecordDecoder {
  const understand = openForm(decoding);
  return function* (records) {
    for (const record of records) {
      const singles = decoding.deaggregate ? deaggregated(record) : [record];
      for (const single of singles) yield decoded(single, understand(bufferOf(single.data)));
    }
  };
}

function decoded(record: SingleRecord, { forms, ...rest }: Understood): DecodedRecord {
  return { ...record, ...rest, forms: record.subSequence === undefined ? forms : ['kpl', ...forms] };
}
