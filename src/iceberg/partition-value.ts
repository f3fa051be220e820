import { hash } from 'node:crypto';
import type { TablePartition } from './iceberg-table.ts';
import type { TableType } from './table-schema.ts';

/**
 * A column's value after the partition's transform, as `DataFile.partition` has it. Values of `date` come in
 * days since 1970-01-01, those of `timestamp` and `timestamptz` in microseconds since then. Null is null.
 */
export function partitionValueOf(
  transform: TablePartition['transform'],
  kind: TableType['kind'],
  value: number | bigint | string | boolean | null,
): string | number | null {
  if (value === null) return null;
  if (transform === 'identity') return identityOf(value);
  const hours = kind === 'date' ? Number(value) * 24 : hoursOfMicros(BigInt(value));
  const days = Math.floor(hours / 24);
  switch (transform) {
    case 'hour':
      return hours;
    case 'day':
      return days;
    case 'month':
      return monthOf(days);
    case 'year':
      return Math.floor(monthOf(days) / 12);
  }
}

function identityOf(value: number | bigint | string | boolean): string | number {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === 'boolean' ? String(value) : value;
}

/** Rounded down, before 1970 too: the specification's transforms are floors. */
function hoursOfMicros(micros: bigint): number {
  const hours = micros / microsPerHour;
  return Number(micros % microsPerHour < 0n ? hours - 1n : hours);
}

const microsPerHour = 3_600_000_000n;
const msPerDay = 86_400_000;

/** Months since January 1970. */
function monthOf(days: number): number {
  const date = new Date(days * msPerDay);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/**
 * The folder that files of one partition usually lie in, such as `at_hour=2026-11-29-14`, escaped as a URL's
 * path. Readers do not look at it: several partitions may have the same one, and one whose name would be too
 * long for a file's has the hash of it.
 */
export function partitionFolderOf(partition: TablePartition, value: string | number | null): string {
  const name = escaped(partitionFieldName(partition));
  const folder = `${name}=${escaped(value === null ? 'null' : textOf(partition, value))}`;
  return folder.length > folderBytesMax ? hash('sha256', folder) : folder;
}

/** What cannot be written in UTF-8 comes from escapes of JSON. */
function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** A table's own location is in front of it, and the name of the file behind: a key has 1,024 bytes. */
const folderBytesMax = 200;

/** What the field of a table's partition is called: as Iceberg's Java and Python call it. */
export function partitionFieldName({ column, transform }: TablePartition): string {
  return transform === 'identity' ? column : `${column}_${transform}`;
}

function textOf({ transform }: TablePartition, value: string | number): string {
  if (typeof value === 'string') return value;
  // Of times that no calendar of JavaScript has: they are as far away as they say.
  if (!hasDate(transform, value)) return String(value);
  switch (transform) {
    case 'identity':
      return String(value);
    case 'hour':
      return new Date(value * (msPerDay / 24)).toISOString().slice(0, 13).replace('T', '-');
    case 'day':
      return new Date(value * msPerDay).toISOString().slice(0, 10);
    case 'month':
      return new Date(Date.UTC(1970, value)).toISOString().slice(0, 7);
    case 'year':
      return String(1970 + value);
  }
}

function hasDate(transform: TablePartition['transform'], value: number): boolean {
  const years = { identity: 1, hour: 24 * 366, day: 366, month: 12, year: 1 }[transform];
  return transform === 'identity' || Math.abs(value) / years < yearsMax;
}

/** From 1970: dates of more digits are written otherwise. */
const yearsMax = 8_030;
