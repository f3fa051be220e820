import type { Millis } from '../../env/clock.ts';
import type { RecordStages } from '../delivery-spec.ts';
import { checkValidity } from './check-validity.ts';
import { splitIntoParts } from './deaggregation.ts';
import { decompressLogs } from './decompressed-logs.ts';
import type { DeliveredRecord, RefusedRecord } from './delivered-record.ts';
import { isAggregate, unpackAggregates } from './kpl-aggregate.ts';
import { openPartitionQuery } from './partition-query.ts';
import { recordPieces } from './record-pieces.ts';
import { removeRegistryHeaders } from './registry-header.ts';

/** What a stage made of records: those that go on, in their order, and those that cannot be delivered. */
export type Staged = {
  readonly kept: readonly DeliveredRecord[];
  readonly refused: readonly RefusedRecord[];
};

/**
 * What is done to records on both sides of a function that transforms them. Knows no thread, and blocks the
 * one that it runs in. Makes the same of the same records, always.
 */
export interface StageRunner {
  /**
   * Takes aggregates of the KPL apart. What a backup has is what this answers, piece by piece: what becomes
   * of one is to be out of memory before the next.
   */
  unpack(records: readonly DeliveredRecord[]): Iterable<readonly DeliveredRecord[]>;
  /** Whether records may become far larger than they came. */
  readonly inflates: boolean;
  /** All that comes before the function, behind `unpack`. */
  before(records: readonly DeliveredRecord[], now: Millis): Staged;
  /** All that comes behind the function. */
  after(records: readonly DeliveredRecord[], now: Millis): Staged;
}

export type Stage = (records: readonly DeliveredRecord[], now: Millis) => Staged;

/** Compiles stages. `JqError` where a query is none, or asks for what is not done here. */
export function openStages(stages: RecordStages): StageRunner {
  const query = stages.partitioning?.query;
  const inflates = stages.decompresses || stages.isSchemaRegistry;
  const before = stagesBefore(stages);
  const after = query === undefined ? [] : [openPartitionQuery(query)];
  return {
    inflates,
    unpack(records) {
      const hasAggregates = stages.takesKplApart && records.some(({ data }) => isAggregate(data));
      if (!(hasAggregates || inflates)) return [records];
      return recordPieces(hasAggregates ? unpackAggregates(records) : records, pieceBytes);
    },
    before: (records, now) => throughAll(before, records, now),
    after: (records, now) => throughAll(after, records, now),
  };
}

/** Deflate makes a thousand of one byte at most (zlib.net, "Technical Details"). */
const pieceBytes = 64 * 1024;

function stagesBefore(stages: RecordStages): readonly Stage[] {
  const { decompresses, cloudWatchLogs, isSchemaRegistry, deaggregation, validity } = stages;
  return [
    ...(decompresses || cloudWatchLogs !== undefined
      ? [decompressLogs({ decompresses, takesMessages: cloudWatchLogs === 'messages' })]
      : []),
    ...(isSchemaRegistry ? [removeRegistryHeaders] : []),
    ...(deaggregation === undefined ? [] : [splitIntoParts(deaggregation)]),
    ...(validity === undefined ? [] : [checkValidity(validity)]),
  ];
}

function throughAll(stages: readonly Stage[], records: readonly DeliveredRecord[], now: Millis): Staged {
  let kept = records;
  const refused: RefusedRecord[] = [];
  for (const stage of stages) {
    const staged = stage(kept, now);
    kept = staged.kept;
    // One by one: a call has only so many arguments.
    for (const one of staged.refused) refused.push(one);
  }
  return { kept, refused };
}
