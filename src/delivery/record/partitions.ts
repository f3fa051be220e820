import type { Millis } from '../../env/clock.ts';
import type { NamedPartitionKey } from '../names/object-names.ts';
import type { DeliveredRecord, RefusedRecord } from './delivered-record.ts';

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
      const refused: RefusedRecord[] = [];
      for (const record of records) {
        const id = idOf(record, keys);
        if (id === undefined) refused.push(withoutKeys(record, now));
        else if (!active.has(id) && active.size >= activeMax) refused.push(beyondMax(record, activeMax, now));
        else {
          active.add(id);
          const group = groups.get(id);
          if (group === undefined) groups.set(id, [record]);
          else group.push(record);
        }
      }
      return { partitions: [...groups].map(([id, group]) => ({ id, records: group })), refused };
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

function withoutKeys(record: DeliveredRecord, now: Millis): RefusedRecord {
  return {
    record,
    kind: 'processing-failed',
    code: 'DynamicPartitioning.MetadataExtractionFailed',
    message: 'partitionKeys values must not be null or empty',
    attempts: 1,
    attemptEndedAt: now,
  };
}

function beyondMax(record: DeliveredRecord, activeMax: number, now: Millis): RefusedRecord {
  return {
    record,
    kind: 'processing-failed',
    code: 'DynamicPartitioning.ActivePartitionsLimitExceeded',
    message: `The limit of ${activeMax} active partitions is exceeded.`,
    attempts: 1,
    attemptEndedAt: now,
  };
}
