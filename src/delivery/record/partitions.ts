import type { Millis } from '../../env/clock.ts';
import { prefixTooLong } from '../names/firehose-names.ts';
import type { CompiledNames, NamedPartitionKey } from '../names/object-names.ts';
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

/** `canBeNamed` says whether a store can have an object with the keys of a record in its name. */
export type PartitionLimits = {
  readonly activeMax: number;
  readonly canBeNamed: (record: DeliveredRecord) => boolean;
};

/** With no keys there is one partition, whose id is empty. */
export function openPartitions(
  names: Pick<CompiledNames, 'keys' | 'keyBytesMax'>,
  { activeMax, canBeNamed }: PartitionLimits,
): Partitions {
  const active = new Set<string>();
  return {
    group(records, now) {
      if (names.keys.length === 0) return { partitions: [{ id: '', records }], refused: [] };
      const groups = new Map<string, DeliveredRecord[]>();
      const refusals: RefusedRecord[] = [];
      for (const record of records) {
        const refusal = refusalOf(record);
        if (refusal !== undefined) {
          refusals.push({ record, ...refusal, attempts: 1, attemptEndedAt: now });
          continue;
        }
        const id = idOf(record, names.keys);
        active.add(id);
        const group = groups.get(id);
        if (group === undefined) groups.set(id, [record]);
        else group.push(record);
      }
      return { partitions: [...groups].map(([id, group]) => ({ id, records: group })), refused: refusals };
    },
  };

  function refusalOf(record: DeliveredRecord): Refusal | undefined {
    const bytes = keyBytesOf(record, names.keys);
    if (bytes === undefined) return noKeys;
    if (bytes > names.keyBytesMax) return keysTooLong;
    if (active.has(idOf(record, names.keys))) return undefined;
    if (!canBeNamed(record)) return keysUnfit;
    return active.size < activeMax ? undefined : limitExceeded;
  }
}

function keyValueOf(record: DeliveredRecord, { from, name }: NamedPartitionKey): string {
  const keys = from === 'query' ? record.queryKeys : record.partitionKeys;
  return keys !== undefined && Object.hasOwn(keys, name) ? keys[name]! : '';
}

function idOf(record: DeliveredRecord, keys: readonly NamedPartitionKey[]): string {
  let id = '';
  for (const key of keys) {
    const value = keyValueOf(record, key);
    id += `${value.length}:${value}`;
  }
  return id;
}

/** What keys come to in a name; undefined where one is missing. */
function keyBytesOf(record: DeliveredRecord, keys: readonly NamedPartitionKey[]): number | undefined {
  let bytes = 0;
  for (const key of keys) {
    const value = keyValueOf(record, key);
    if (value === '') return undefined;
    bytes += key.times * Buffer.byteLength(value);
  }
  return bytes;
}

/** The code of those that would have made one partition too many. */
export const partitionsExceeded = 'DynamicPartitioning.ActivePartitionsLimitExceeded';

/** The message is Firehose's. */
const limitExceeded: Refusal = {
  kind: 'dynamic-partitioning-failed',
  code: partitionsExceeded,
  message: 'The number of active partitions has exceeded the configured limit',
};

const keysTooLong: Refusal = {
  kind: 'metadata-extraction-failed',
  code: 'DynamicPartitioning.MetadataExtractionFailed',
  message: prefixTooLong,
};

/** AWS has no such error: its own store takes any of them. */
const keysUnfit: Refusal = {
  kind: 'metadata-extraction-failed',
  code: 'DynamicPartitioning.MetadataExtractionFailed',
  message: 'The evaluated prefix is no name that an object can have',
};
