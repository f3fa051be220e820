import type { KeyCondition, KeySchema, RangeCondition } from '../expressions/key-condition.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { hashOf, keyBytes } from '../values/key-bytes.ts';
import type { KeyValues } from './encoded-item.ts';

/**
 * Where an item is among those of its table or of an index, as a text of bytes whose order is the order of a
 * scan:
 *
 *   4 bytes: a hash of the hash key | 2 bytes: its length | its bytes | the range key's, with each 0 as 0
 *   255, and 0 1 after them, where there is one | in an index, the place in the table
 *
 * with big-endian numbers. Nothing durable has places, so they may be others in another version.
 */
export function placeOf([hash, range]: KeyValues, tail = ''): string {
  const start = startOf(hash);
  return range === undefined && tail === '' ? start : inOnePiece(start + rangeText(range) + tail);
}

/** What is put together of texts takes more memory than one as long. */
function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function rangeText(range: AttributeValue | undefined): string {
  return range === undefined ? '' : escaped(range) + rangeEnd;
}

/** The values of a key of a schema in an item; undefined when it lacks one, or has it of another type. */
export function keyIn({ hash, range }: KeySchema, item: Item): KeyValues | undefined {
  const first = item[hash.name];
  if (first === undefined || !(hash.type in first)) return undefined;
  if (range === undefined) return [first];
  const second = item[range.name];
  return second === undefined || !(range.type in second) ? undefined : [first, second];
}

/** The places from `from` on and before `end`; undefined for no end. */
export type Stretch = { readonly from: string; readonly end: string | undefined };

/** Where the items are that a query is about. */
export function stretchOf({ hash, range }: KeyCondition): Stretch {
  const start = startOf(hash);
  const all = { from: start, end: behind(start) };
  return range === undefined ? all : stretchOfRange(range, start, all);
}

function stretchOfRange(condition: RangeCondition, start: string, all: Stretch): Stretch {
  if (condition.operator === 'between') {
    return { from: exactly(start, condition.low), end: behind(exactly(start, condition.high)) };
  }
  const { operator, value } = condition;
  if (operator === 'begins_with') {
    const beginning = start + escaped(value);
    return { from: beginning, end: behind(beginning) };
  }
  const exact = exactly(start, value);
  switch (operator) {
    case '=':
      return { from: exact, end: behind(exact) };
    case '<':
      return { from: all.from, end: exact };
    case '<=':
      return { from: all.from, end: behind(exact) };
    case '>':
      return { from: behind(exact)!, end: all.end };
    case '>=':
      return { from: exact, end: all.end };
  }
}

/** Where the hash keys of a segment of a scan are. */
export function segmentStretch(segment: number, segments: number): Stretch {
  const bound = (nth: number) => numberText(Math.ceil((nth * 2 ** 32) / segments), 4);
  return { from: bound(segment), end: segment + 1 === segments ? undefined : bound(segment + 1) };
}

/** The stretch without its places up to one. */
export function after(place: string, { from, end }: Stretch): Stretch {
  const next = `${place}\0`;
  return { from: next > from ? next : from, end };
}

/** The stretch without its places from one on. */
export function before(place: string, { from, end }: Stretch): Stretch {
  return { from, end: end === undefined || place < end ? place : end };
}

/** A whole number of 0 or more as big-endian bytes. */
export function numberText(number: number, bytes: number): string {
  let text = '';
  for (let nth = bytes - 1; nth >= 0; nth--) {
    text += String.fromCharCode(Math.floor(number / 256 ** nth) % 256);
  }
  return text;
}

const rangeEnd = '\x00\x01';

function startOf(hash: AttributeValue): string {
  const bytes = keyBytes(hash);
  const start = Buffer.allocUnsafe(6 + bytes.length);
  start.writeUInt32BE(hashOf(bytes), 0);
  start.writeUInt16BE(bytes.length, 4);
  start.set(bytes, 6);
  return start.toString('latin1');
}

function exactly(start: string, range: AttributeValue): string {
  return start + escaped(range) + rangeEnd;
}

function escaped(range: AttributeValue): string {
  const text = keyBytes(range).toString('latin1');
  return text.includes('\0') ? text.replaceAll('\0', '\0\xff') : text;
}

/** The first place behind all that begin so; undefined when none is. */
function behind(beginning: string): string | undefined {
  let length = beginning.length;
  while (length > 0 && beginning.charCodeAt(length - 1) === 0xff) length -= 1;
  if (length === 0) return undefined;
  return beginning.slice(0, length - 1) + String.fromCharCode(beginning.charCodeAt(length - 1) + 1);
}
