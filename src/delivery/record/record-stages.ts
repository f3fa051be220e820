import type { Millis } from '../../env/clock.ts';
import type { RecordStages } from '../delivery-spec.ts';
import type { DeliveredRecord, RefusedRecord } from './delivered-record.ts';

/** What a stage made of records: those that go on, in their order, and those that cannot be delivered. */
export type Staged = {
  readonly kept: readonly DeliveredRecord[];
  readonly refused: readonly RefusedRecord[];
};

/** What is done to records on both sides of a function that transforms them. Knows no thread; blocks. */
export interface StageRunner {
  /** De-aggregation of the KPL, decompression, messages of logs, headers, de-aggregation, validity. */
  before(records: readonly DeliveredRecord[], now: Millis): Staged;
  /** Keys of partitions by queries. */
  after(records: readonly DeliveredRecord[], now: Millis): Staged;
}

/** Compiles stages. `JqError` where a query is none, or asks for what is not done here. */
export function openStages(_stages: RecordStages): StageRunner {
  return {
    before: (records) => ({ kept: records, refused: [] }),
    after: (records) => ({ kept: records, refused: [] }),
  };
}
