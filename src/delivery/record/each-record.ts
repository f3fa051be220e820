import type { DeliveredRecord, RefusedRecord } from './delivered-record.ts';
import type { Stage } from './record-stages.ts';

/** Why a record cannot be delivered: what its error record says of it. */
export type Refusal = Pick<RefusedRecord, 'kind' | 'code' | 'message'>;

/** A stage that answers a record, or a refusal, for each record by itself. */
export function eachRecord(stage: (record: DeliveredRecord) => DeliveredRecord | Refusal): Stage {
  return (records, now) => {
    const kept: DeliveredRecord[] = [];
    const refused: RefusedRecord[] = [];
    for (const record of records) {
      const staged = stage(record);
      if ('data' in staged) kept.push(staged);
      else refused.push({ record, ...staged, attempts: 1, attemptEndedAt: now });
    }
    return { kept, refused };
  };
}
