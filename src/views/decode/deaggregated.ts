import { heldIn } from '../../delivery/record/kpl-aggregate.ts';
import { bufferOf } from '../../env/buffer-of.ts';
import type { ViewedRecord } from '../view.ts';

/** A record that was put by itself, or one of an aggregate of the KPL. */
export type SingleRecord = ViewedRecord & {
  readonly subSequence?: number;
  readonly explicitHashKey?: string;
};

/** The records of an aggregate, with their own keys, in their order; or the record itself, which is none. */
export function* deaggregated(record: ViewedRecord): Iterable<SingleRecord> {
  const held = heldIn(bufferOf(record.data));
  if (held === undefined) {
    yield record;
    return;
  }
  let subSequence = 0;
  for (const { data, partitionKey, explicitHashKey } of held) {
    const hashKey = explicitHashKey === undefined ? {} : { explicitHashKey };
    yield { ...record, data, partitionKey, subSequence: subSequence++, ...hashKey };
  }
}
