import type { TableType } from '../../../iceberg/table-schema.ts';
import { BooleanValues } from './boolean-values.ts';
import { ByteValues } from './byte-values.ts';
import { FixedValues } from './fixed-values.ts';
import { type Bound, type Compare, compareNatural } from './page-values.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** A column that has values, not columns, below it. */
export type Leaf = {
  /** From the top, with the groups of lists and maps. */
  readonly path: readonly string[];
  readonly fieldId: number;
  readonly type: PrimitiveType;
  readonly physical: PhysicalType;
  /** How much of the path may be missing, and how many lists are on it. */
  readonly definitionMax: number;
  readonly repetitionMax: number;
};

/** How values lie in Parquet. `length` is in bytes. */
export type PhysicalType =
  | { readonly kind: 'BOOLEAN' | 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE' | 'BYTE_ARRAY' }
  | { readonly kind: 'FIXED_LEN_BYTE_ARRAY'; readonly length: number };

export type PrimitiveType = Exclude<TableType, { readonly kind: 'struct' | 'list' | 'map' }>;

/** As Iceberg has them in Parquet (Iceberg table specification, appendix A, "Parquet"). */
export function physicalTypeOf(type: PrimitiveType): PhysicalType {
  switch (type.kind) {
    case 'boolean':
      return { kind: 'BOOLEAN' };
    case 'int':
    case 'date':
      return { kind: 'INT32' };
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return { kind: 'INT64' };
    case 'float':
      return { kind: 'FLOAT' };
    case 'double':
      return { kind: 'DOUBLE' };
    case 'string':
    case 'binary':
      return { kind: 'BYTE_ARRAY' };
    case 'uuid':
      return { kind: 'FIXED_LEN_BYTE_ARRAY', length: 16 };
    case 'decimal':
      if (type.precision <= 9) return { kind: 'INT32' };
      if (type.precision <= 18) return { kind: 'INT64' };
      return { kind: 'FIXED_LEN_BYTE_ARRAY', length: decimalBytes(type.precision) };
  }
}

/** The fewest bytes that hold every number of so many decimal digits, in two's complement. */
function decimalBytes(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  let bytes = 1;
  while (largest >= 1n << BigInt(bytes * 8 - 1)) bytes += 1;
  return bytes;
}

export type LeafValues = BooleanValues | FixedValues | ByteValues;

export function valuesOf(leaf: Leaf, library: ParquetLibrary, pageBytes: number): LeafValues {
  const physical = leaf.physical;
  switch (physical.kind) {
    case 'BOOLEAN':
      return new BooleanValues();
    case 'BYTE_ARRAY':
      return new ByteValues(library, undefined, pageBytes);
    case 'FIXED_LEN_BYTE_ARRAY':
      return new ByteValues(library, physical.length, pageBytes, compareOf(leaf.type));
    default:
      return new FixedValues(library, physical.kind, pageBytes);
  }
}

/** The order of a type's values, as they lie in Parquet. Decimals are signed, all other bytes are not. */
export function compareOf(type: PrimitiveType): Compare {
  return type.kind === 'decimal' ? compareSigned : compareNatural;
}

/** Equally long bytes of numbers in two's complement, the highest first. */
function compareSigned(left: Bound, right: Bound): number {
  if (!Buffer.isBuffer(left) || !Buffer.isBuffer(right)) return compareNatural(left, right);
  const signs = left.readInt8(0) - right.readInt8(0);
  return signs === 0 ? Buffer.compare(left, right) : signs;
}
