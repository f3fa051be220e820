import type { AttributeValue, Item } from './attribute-value.ts';
import { known, magnitudeOf } from './decimal.ts';

// DynamoDB developer guide, "DynamoDB item sizes and formats".
const listOrMapBytes = 3;
const elementBytes = 1;

/** In bytes, as DynamoDB counts them: names and strings in UTF-8, numbers by their significant digits. */
export function sizeOf(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += utf8Bytes(name) + sizeOfValue(item[name]!);
  return bytes;
}

/** In bytes, without the name of its attribute. */
export function sizeOfValue(value: AttributeValue): number {
  if ('S' in value) return utf8Bytes(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return value.B.length;
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('SS' in value) return sum(value.SS, utf8Bytes);
  if ('NS' in value) return sum(value.NS, sizeOfNumber);
  if ('BS' in value) return sum(value.BS, (member) => member.length);
  if ('L' in value) return listOrMapBytes + sum(value.L, (element) => elementBytes + sizeOfValue(element));
  return listOrMapBytes + Object.keys(value.M).length * elementBytes + sizeOf(value.M);
}

/** How many values there are in an item, those within lists, maps and sets included. */
export function valuesIn(item: Item): number {
  let values = 0;
  for (const name in item) values += valuesOf(item[name]!);
  return values;
}

function valuesOf(value: AttributeValue): number {
  if ('L' in value) return 1 + sum(value.L, valuesOf);
  if ('M' in value) return 1 + valuesIn(value.M);
  if ('SS' in value) return 1 + value.SS.length;
  if ('NS' in value) return 1 + value.NS.length;
  return 'BS' in value ? 1 + value.BS.length : 1;
}

/**
 * A byte for each pair of significant digits, where pairs are those of base 100, one more, and one for the
 * sign of a negative number; zero is one byte.
 */
function sizeOfNumber(text: string): number {
  const decimal = known(text);
  if (decimal.digits === '') return 1;
  const firstPair = Math.floor(magnitudeOf(decimal) / 2);
  const lastPair = Math.floor(decimal.exponent / 2);
  return firstPair - lastPair + 1 + 1 + (decimal.isNegative ? 1 : 0);
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

function sum<T>(members: readonly T[], bytesOf: (member: T) => number): number {
  let bytes = 0;
  for (const member of members) bytes += bytesOf(member);
  return bytes;
}
