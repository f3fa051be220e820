import type { BooleanValues } from '../format/parquet/boolean-values.ts';
import type { ByteValues } from '../format/parquet/byte-values.ts';
import type { FixedValues } from '../format/parquet/fixed-values.ts';
import type { Leaf, LeafValues } from '../format/parquet/parquet-leaf.ts';
import { dateAt, timeAt } from './instant.ts';
import { MismatchError } from './json-error.ts';
import { bigIntegerAt, doubleAt, integerAt, scaledAt } from './json-number.ts';
import { JsonKind, type JsonTape } from './json-tape.ts';
import { type InstantReader, microsOf } from './read-instant.ts';

/** Gives a JSON value to the values of a column. Throws `MismatchError`. */
export type ValueReader = (tape: JsonTape, index: number) => void;

export type ValueReading = {
  /** Whose values they are, from the top, with dots. */
  readonly column: string;
  /** Whether numbers and truth values may be strings, and strings anything. */
  readonly isLenient: boolean;
  readonly instantOf: InstantReader;
};

/** The reader of a column's type. `values` are the column's. */
export function valueReaderOf(leaf: Leaf, values: LeafValues, reading: ValueReading): ValueReader {
  const { type } = leaf;
  switch (type.kind) {
    case 'boolean':
      return booleanReader(values as BooleanValues, reading);
    case 'int':
      return intReader(values as FixedValues, reading);
    case 'long':
      return longReader(values as FixedValues, reading);
    case 'float':
      return doubleReader(reading, (value) => (values as FixedValues).addFloat(value), Math.fround);
    case 'double':
      return doubleReader(
        reading,
        (value) => (values as FixedValues).addDouble(value),
        (value) => value,
      );
    case 'decimal':
      return decimalReader(leaf, values, type.precision, type.scale, reading);
    case 'string':
      return stringReader(values as ByteValues, reading);
    case 'binary':
      return bytesReader(values as ByteValues, reading, 'base64', base64Of);
    case 'uuid':
      return bytesReader(values as ByteValues, reading, 'UUID', uuidOf);
    case 'date':
      return dateReader(values as FixedValues, reading);
    case 'time':
      return timeReader(values as FixedValues, reading);
    case 'timestamp':
    case 'timestamptz':
      return instantReader(values as FixedValues, reading);
  }
}

function booleanReader(values: BooleanValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const kind = tape.kind(index);
    if (kind === JsonKind.true) return values.add(true);
    if (kind === JsonKind.false) return values.add(false);
    const text = reading.isLenient && isString(kind) ? tape.text(index).toLowerCase() : undefined;
    if (text !== 'true' && text !== 'false') throw mismatch(reading, tape, index, 'boolean');
    values.add(text === 'true');
  };
}

const intMin = -2_147_483_648;
const intMax = 2_147_483_647;

function intReader(values: FixedValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const value = isInteger(tape, index, reading)
      ? integerAt(tape.bytes, tape.start(index), tape.end(index))
      : wholeOf(tape, index, reading);
    if (value === undefined || value < intMin || value > intMax) throw mismatch(reading, tape, index, 'int');
    values.addInteger(Number(value));
  };
}

const longDigitsMax = 20; // -9223372036854775808

function longReader(values: FixedValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    if (!isInteger(tape, index, reading)) {
      const whole = wholeOf(tape, index, reading);
      if (whole === undefined || BigInt.asIntN(64, whole) !== whole)
        throw mismatch(reading, tape, index, 'long');
      return values.addBigLong(whole);
    }
    const start = tape.start(index);
    const end = tape.end(index);
    const value = integerAt(tape.bytes, start, end);
    if (value !== undefined) return values.addLong(value);
    const large = end - start > longDigitsMax ? undefined : bigIntegerAt(tape.bytes, start, end);
    if (large === undefined || BigInt.asIntN(64, large) !== large)
      throw mismatch(reading, tape, index, 'long');
    values.addBigLong(large);
  };
}

/** A number without a fraction that is written with a point or an exponent, such as 1.0 or 2e3. */
function wholeOf(tape: JsonTape, index: number, reading: ValueReading): bigint | undefined {
  if (!isNumber(tape, index, reading)) return undefined;
  const value = Number(tape.text(index));
  return Number.isInteger(value) ? scaledAt(tape.bytes, tape.start(index), tape.end(index), 0) : undefined;
}

function doubleReader(
  reading: ValueReading,
  add: (value: number) => void,
  rounded: (value: number) => number,
): ValueReader {
  return (tape, index) => {
    const value = isNumber(tape, index, reading)
      ? doubleAt(tape.bytes, tape.start(index), tape.end(index))
      : Number.NaN;
    if (!Number.isFinite(rounded(value))) throw mismatch(reading, tape, index, 'floating point number');
    add(value);
  };
}

function decimalReader(
  { physical }: Leaf,
  values: LeafValues,
  precision: number,
  scale: number,
  reading: ValueReading,
): ValueReader {
  const limit = 10n ** BigInt(precision);
  const add = unscaledAdder(physical, values);
  return (tape, index) => {
    const value = isNumber(tape, index, reading)
      ? scaledAt(tape.bytes, tape.start(index), tape.end(index), scale)
      : undefined;
    if (value === undefined || value >= limit || value <= -limit) {
      throw mismatch(reading, tape, index, `decimal(${precision},${scale})`);
    }
    add(value);
  };
}

function unscaledAdder(physical: Leaf['physical'], values: LeafValues): (value: bigint) => void {
  if (physical.kind === 'INT32') return (value) => (values as FixedValues).addInteger(Number(value));
  if (physical.kind === 'INT64') return (value) => (values as FixedValues).addBigLong(value);
  const length = physical.kind === 'FIXED_LEN_BYTE_ARRAY' ? physical.length : 0;
  return (value) => {
    const digits = BigInt.asUintN(length * 8, value).toString(16);
    (values as ByteValues).add(Buffer.from(digits.padStart(length * 2, '0'), 'hex'), 0, length);
  };
}

function stringReader(values: ByteValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const kind = tape.kind(index);
    if (kind === JsonKind.escapedString) {
      const bytes = Buffer.from(tape.text(index));
      return values.add(bytes, 0, bytes.length);
    }
    if (!reading.isLenient && (kind === JsonKind.array || kind === JsonKind.object)) {
      throw mismatch(reading, tape, index, 'string');
    }
    values.add(tape.bytes, tape.start(index), tape.end(index));
  };
}

function bytesReader(
  values: ByteValues,
  reading: ValueReading,
  what: string,
  bytesOf: (text: string) => Buffer | undefined,
): ValueReader {
  return (tape, index) => {
    const bytes = isString(tape.kind(index)) ? bytesOf(tape.text(index)) : undefined;
    if (bytes === undefined) throw mismatch(reading, tape, index, what);
    values.add(bytes, 0, bytes.length);
  };
}

function base64Of(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/\-_\s]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function uuidOf(text: string): Buffer | undefined {
  const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
  return isUuid ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

function dateReader(values: FixedValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const isPlain = tape.kind(index) === JsonKind.plainString;
    let days = isPlain ? dateAt(tape.bytes, tape.start(index), tape.end(index)) : undefined;
    if (days === undefined && isString(tape.kind(index))) {
      const instant = reading.instantOf(tape, index);
      days = instant && Math.floor(instant.seconds / 86_400);
    }
    if (days === undefined) throw mismatch(reading, tape, index, 'date');
    values.addInteger(days);
  };
}

function timeReader(values: FixedValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const isPlain = tape.kind(index) === JsonKind.plainString;
    const micros = isPlain ? timeAt(tape.bytes, tape.start(index), tape.end(index)) : undefined;
    if (micros === undefined) throw mismatch(reading, tape, index, 'time');
    values.addLong(micros);
  };
}

function instantReader(values: FixedValues, reading: ValueReading): ValueReader {
  return (tape, index) => {
    const instant = reading.instantOf(tape, index);
    if (instant === undefined) throw mismatch(reading, tape, index, 'timestamp');
    const micros = microsOf(instant);
    if (typeof micros === 'number') values.addLong(micros);
    else values.addBigLong(micros);
  };
}

function isInteger(tape: JsonTape, index: number, { isLenient }: ValueReading): boolean {
  const kind = tape.kind(index);
  if (kind === JsonKind.integer) return true;
  return isLenient && kind === JsonKind.plainString && /^-?\d+$/.test(tape.text(index));
}

function isNumber(tape: JsonTape, index: number, { isLenient }: ValueReading): boolean {
  const kind = tape.kind(index);
  if (kind === JsonKind.integer || kind === JsonKind.float) return true;
  return (
    isLenient && kind === JsonKind.plainString && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(tape.text(index))
  );
}

function isString(kind: JsonKind): boolean {
  return kind === JsonKind.plainString || kind === JsonKind.escapedString;
}

const shownMax = 64;

function mismatch(reading: ValueReading, tape: JsonTape, index: number, wanted: string): MismatchError {
  const end = Math.min(tape.end(index), tape.start(index) + shownMax);
  const text = tape.bytes.toString('utf8', tape.start(index), end);
  return new MismatchError(`Column ${reading.column}: ${text} is no ${wanted}.`);
}
