import type { PartitionType } from './partition-spec.ts';

/**
 * A value as Avro is given it: longs are bigints. Undefined is null. Throws RangeError for what the type does
 * not have.
 */
export function avroValueOf(
  value: string | number | null | undefined,
  type: PartitionType,
): string | number | bigint | boolean | null {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'boolean':
      return String(value) === 'true';
    case 'int':
    case 'date':
      return intOf(value);
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return BigInt(value);
    case 'string':
      return String(value);
  }
}

function intOf(value: string | number): number {
  const number = Number(value);
  if ((number | 0) !== number) throw new RangeError(`${value} is no int`);
  return number;
}

/** Bounds in bytes (Iceberg table specification, appendix D, "Binary single-value serialization"). */
export function singleValueOf(value: string | number | bigint | boolean): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  const bytes = Buffer.alloc(typeof value === 'bigint' ? 8 : 4);
  if (typeof value === 'bigint') bytes.writeBigInt64LE(value);
  else bytes.writeInt32LE(value);
  return bytes;
}

/** The same back. */
export function valueOfSingle(bytes: Buffer, type: PartitionType): string | number | bigint | boolean {
  switch (type) {
    case 'boolean':
      return bytes[0] !== 0;
    case 'int':
    case 'date':
      return bytes.readInt32LE();
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return bytes.readBigInt64LE();
    case 'string':
      return bytes.toString();
  }
}
