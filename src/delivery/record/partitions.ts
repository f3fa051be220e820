import type { Millis } from '../../env/clock.ts';
import type { NamedPartitionKey } from '../names/object-names.ts';
import type { DeliveredRecord, RefusedRecord } from './delivered-record.ts';
import type { Refusal } from './each-record.ts';
import { noKeys } from './partition-query.ts';

/** Records of one object: the keys that its name is made with are the same for all of them. */
export type Partition = {
  /** Unique among the partitions of a chunk. */
  readonly id: string;
  readonly records: readonly DeliveredRecord[];
};

/** The partitions of a chunk, up to as many as may be active at once. */
export interface Partitions {
  /**
   * Groups records, in their order. Refused are those that lack a key, and those that would make one
   * partition more than there may be.
   */
  group(
    records: readonly DeliveredRecord[],
    now: Millis,
  ): { readonly partitions: readonly Partition[]; readonly refused: readonly RefusedRecord[] };
}

/** With no keys there is one partition, whose id is empty. */
export function openPartitions(keys: readonly NamedPartitionKey[], activeMax: number): Partitions {
  const active = new Set<string>();
  return {
    group(records, now) {
      if (keys.length === 0) return { partitions: [{ id: '', records }], refused: [] };
      const groups = new Map<string, DeliveredRecord[]>();
      const refusals: RefusedRecord[] = [];
      for (const record of records) {
        const id = idOf(record, keys);
        if (id === undefined) refusals.push(refused(record, noKeys, now));
        else if (!active.has(id) && active.size >= activeMax)
          refusals.push(refused(record, limitExceeded, now));
        else {
          active.add(id);
          const group = groups.get(id);
          if (group === undefined) groups.set(id, [record]);
          else group.push(record);
        }
      }
      return { partitions: [...groups].map(([id, group]) => ({ id, records: group })), refused: refusals };
    },
  };
}

function idOf(record: DeliveredRecord, keys: readonly NamedPartitionKey[]): string | undefined {
  let id = '';
  for (const { from, name } of keys) {
    const value = (from === 'query' ? record.queryKeys : record.partitionKeys)?.[name];
    if (value === undefined || value === '') return undefined;
    id += `${value.length}:${value}`;
  }
  return id;
}

function refused(record: DeliveredRecord, refusal: Refusal, now: Millis): RefusedRecord {
  return { record, ...refusal, attempts: 1, attemptEndedAt: now };
}

/** The message is Firehose's. */
const limitExceeded: Refusal = {
  kind: 'dynamic-partitioning-failed',
  code: 'DynamicPartitioning.ActivePartitionsLimitExceeded',
  message: 'The number of active partitions has exceeded the configured limit',
};
