import {
  type HashKeys,
  hashKeyMax,
  hashKeyOf,
  hashKeyWords,
  writeHashKey,
} from '../../../kinesis/hash-key.ts';
import { type NewRecord, type NewRecords, sizeOf, writeRecord } from '../../../kinesis/record.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { RoutedPut } from '../../../stream/routed-put.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';

/** A record in a request: the one of PutRecord, or one of PutRecords. */
export type PutEntry = {
  readonly Data: Buffer;
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
};

/**
 * Checks what depends on the stream: the size of an entry, and that it has a partition key where it needs
 * one. `index` is its place in PutRecords. Answers the bytes of data and key.
 */
export function requireEntry(stream: Stream, { Data, PartitionKey }: PutEntry, index?: number): number {
  if (PartitionKey === undefined && stream.distribution !== 'AUTO') {
    throw invalidEntry(`Value null at '${pathTo(index)}partitionKey'`, 'Member must not be null');
  }
  const bytes = Data.length + Buffer.byteLength(PartitionKey ?? '');
  const max = stream.recordSizeMaxKiB * 1024;
  if (bytes <= max) return bytes;
  throw invalidEntry(
    `Value 'java.nio.HeapByteBuffer[pos=0 lim=${Data.length} cap=${Data.length}]' at '${pathTo(index)}data'`,
    // AWS's text is for data that is too large by itself. Its text about the sum is not known.
    Data.length > max
      ? `Member must have length less than or equal to ${max}`
      : `Member and partition key must have length less than or equal to ${max} together, and have ${bytes}`,
  );
}

function pathTo(index: number | undefined): string {
  return index === undefined ? '' : `records.${index + 1}.member.`;
}

function invalidEntry(value: string, constraint: string): ServiceError {
  const text = `1 validation error detected: ${value} failed to satisfy constraint: ${constraint}`;
  return invalidRequest(text);
}

/** Routes checked entries by explicit hash key, else by the MD5 of the partition key; with AUTO, anywhere. */
export function packEntries(stream: Stream, entries: readonly PutEntry[]): RoutedPut {
  const hashKeys = new Uint32Array(entries.length * hashKeyWords);
  entries.forEach((entry, index) => {
    writeHashKey(hashKeys, index * hashKeyWords, hashKeyFor(stream, entry));
  });
  const records = entries.map(({ PartitionKey, Data }) => ({ partitionKey: PartitionKey, data: Data }));
  const isAuto = stream.distribution === 'AUTO';
  return RoutedPut.of(stream, new DecodedRecords(records, isAuto ? undefined : hashKeys))!;
}

/** Records that are objects already. */
class DecodedRecords implements NewRecords {
  readonly hashKeys: HashKeys | undefined;
  readonly #records: readonly NewRecord[];

  constructor(records: readonly NewRecord[], hashKeys: HashKeys | undefined) {
    this.#records = records;
    this.hashKeys = hashKeys;
  }

  get count(): number {
    return this.#records.length;
  }

  sizeOf(index: number): number {
    return sizeOf(this.#records[index]!);
  }

  keyOf(index: number): string | undefined {
    return this.#records[index]!.partitionKey;
  }

  encode(index: number, bytes: Buffer, at: number): boolean {
    writeRecord(bytes, at, this.#records[index]!);
    return true;
  }
}

function hashKeyFor(stream: Stream, { PartitionKey, ExplicitHashKey }: PutEntry): bigint {
  const explicit = ExplicitHashKey === undefined ? undefined : BigInt(ExplicitHashKey);
  if (explicit !== undefined && explicit > hashKeyMax) {
    throw invalidArgument(
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    );
  }
  return explicit ?? (stream.distribution === 'AUTO' ? 0n : hashKeyOf(PartitionKey!));
}
