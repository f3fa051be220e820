import { DamagedError } from '../../../log/log.ts';
import type { KeySchema } from '../expressions/key-condition.ts';
import { type AttributeValue, emptyItem, type Item, type MutableItem } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { ByteText, type ByteWriter } from './byte-text.ts';

/**
 * An item as bytes, in memory and in the log alike:
 *
 *   number: its size as DynamoDB counts it | number of key attributes, 1 or 2 | number of attributes | each
 *   attribute, those of the key first, the hash key before the range key: string: name | value
 *
 * where a value is a byte for its type, and then for S and N a string, for B a number and so many bytes, for
 * the sets and L a number and so many of these, for M a number and so many attributes, and nothing for the
 * others.
 */
export type EncodedItem = string;

/** The values of a key, one or two, each as in an item. */
export type EncodedKey = string;

/** The types of values, as their bytes. */
export const types = {
  S: 1,
  N: 2,
  B: 3,
  true: 4,
  false: 5,
  NULL: 6,
  L: 7,
  M: 8,
  SS: 9,
  NS: 10,
  BS: 11,
} as const;

/** The values of an item's key: the hash key, and the range key where the schema has one. */
export type KeyValues = readonly [AttributeValue, AttributeValue?];

export function encodeItem(writer: ByteWriter, schema: KeySchema, item: Item): EncodedItem {
  const { hash, range } = schema;
  writer.number(sizeOf(item));
  writer.number(range === undefined ? 1 : 2);
  const names = Object.keys(item);
  writer.number(names.length);
  writeAttribute(writer, hash.name, item[hash.name]!);
  if (range !== undefined) writeAttribute(writer, range.name, item[range.name]!);
  for (const name of names) {
    if (name !== hash.name && name !== range?.name) writeAttribute(writer, name, item[name]!);
  }
  return writer.takeText();
}

export function encodeKey(writer: ByteWriter, values: KeyValues): EncodedKey {
  writer.number(values.length);
  for (const value of values) writeValue(writer, value!);
  return writer.takeText();
}

/** The size that DynamoDB counts. */
export function sizeOfEncoded(item: EncodedItem): number {
  return new ByteText(item).number();
}

export function decodeItem(encoded: EncodedItem): Item {
  const reader = new ByteText(encoded);
  reader.number();
  reader.number();
  const item = emptyItem();
  readAttributes(reader, reader.number(), item);
  return item;
}

/** The values of the key of an item. */
export function keyOfEncoded(encoded: EncodedItem): KeyValues {
  const reader = new ByteText(encoded);
  reader.number();
  const count = reader.number();
  reader.number();
  reader.skipString();
  const hash = readValue(reader);
  if (count === 1) return [hash];
  reader.skipString();
  return [hash, readValue(reader)];
}

export function decodeKey(encoded: EncodedKey): KeyValues {
  const reader = new ByteText(encoded);
  const count = reader.number();
  const hash = readValue(reader);
  return count === 1 ? [hash] : [hash, readValue(reader)];
}

/** Of an item only the attributes of these names, where it has them. */
export function pick(encoded: EncodedItem, names: ReadonlySet<string>): Item {
  const reader = new ByteText(encoded);
  reader.number();
  reader.number();
  const picked = emptyItem();
  let missing = names.size;
  for (let count = reader.number(); count > 0 && missing > 0; count--) {
    const name = reader.string();
    if (names.has(name)) {
      picked[name] = readValue(reader);
      missing -= 1;
    } else skipValue(reader);
  }
  return picked;
}

/** Whether two items have the same of the attributes of these names. What it takes for another may be it. */
export function isAlike(one: EncodedItem, other: EncodedItem, names: ReadonlySet<string>): boolean {
  return textOf(one, names) === textOf(other, names);
}

function textOf(encoded: EncodedItem, names: ReadonlySet<string>): string {
  const reader = new ByteText(encoded);
  reader.number();
  reader.number();
  let text = '';
  let missing = names.size;
  for (let count = reader.number(); count > 0 && missing > 0; count--) {
    const from = reader.at;
    const isNamed = names.has(reader.string());
    skipValue(reader);
    if (!isNamed) continue;
    text += encoded.slice(from, reader.at);
    missing -= 1;
  }
  return text;
}

function writeAttribute(writer: ByteWriter, name: string, value: AttributeValue): void {
  writer.string(name);
  writeValue(writer, value);
}

function writeValue(writer: ByteWriter, value: AttributeValue): void {
  if ('S' in value) writeText(writer, types.S, value.S);
  else if ('N' in value) writeText(writer, types.N, value.N);
  else if ('B' in value) writeBuffer(writer, types.B, value.B);
  else if ('BOOL' in value) writer.byte(value.BOOL ? types.true : types.false);
  else if ('NULL' in value) writer.byte(types.NULL);
  else if ('M' in value) writeMap(writer, value.M);
  else if ('L' in value) writeAll(writer, types.L, value.L, writeValue);
  else if ('SS' in value) writeAll(writer, types.SS, value.SS, (to, text) => to.string(text));
  else if ('NS' in value) writeAll(writer, types.NS, value.NS, (to, text) => to.string(text));
  else writeAll(writer, types.BS, value.BS, writeBytes);
}

function writeText(writer: ByteWriter, type: number, text: string): void {
  writer.byte(type);
  writer.string(text);
}

function writeBuffer(writer: ByteWriter, type: number, bytes: Buffer): void {
  writer.byte(type);
  writeBytes(writer, bytes);
}

function writeBytes(writer: ByteWriter, bytes: Buffer): void {
  writer.number(bytes.length);
  writer.buffer(bytes);
}

function writeMap(writer: ByteWriter, map: Item): void {
  writer.byte(types.M);
  const names = Object.keys(map);
  writer.number(names.length);
  for (const name of names) writeAttribute(writer, name, map[name]!);
}

function writeAll<Member>(
  writer: ByteWriter,
  type: number,
  members: readonly Member[],
  write: (writer: ByteWriter, member: Member) => void,
): void {
  writer.byte(type);
  writer.number(members.length);
  for (const member of members) write(writer, member);
}

function readAttributes(reader: ByteText, count: number, item: MutableItem): void {
  for (let left = count; left > 0; left--) {
    const name = reader.string();
    item[name] = readValue(reader);
  }
}

function readValue(reader: ByteText): AttributeValue {
  const type = reader.byte();
  switch (type) {
    case types.S:
      return { S: reader.string() };
    case types.N:
      return { N: reader.string() };
    case types.B:
      return { B: readBuffer(reader) };
    case types.true:
    case types.false:
      return type === types.true ? isTrue : isFalse;
    case types.NULL:
      return isNull;
    case types.M: {
      const map = emptyItem();
      readAttributes(reader, reader.number(), map);
      return { M: map };
    }
    case types.L:
      return { L: readAll(reader, readValue) };
    case types.SS:
      return { SS: readAll(reader, (from) => from.string()) };
    case types.NS:
      return { NS: readAll(reader, (from) => from.string()) };
    case types.BS:
      return { BS: readAll(reader, readBuffer) };
    default:
      throw new DamagedError(`there is no type ${type} of values`);
  }
}

/** Items are never changed in place, so these are one each. */
const isTrue: AttributeValue = { BOOL: true };
const isFalse: AttributeValue = { BOOL: false };
const isNull: AttributeValue = { NULL: true };

function readBuffer(reader: ByteText): Buffer {
  return Buffer.from(reader.bytes(reader.number()), 'latin1');
}

function readAll<Member>(reader: ByteText, read: (reader: ByteText) => Member): Member[] {
  const members: Member[] = [];
  for (let count = reader.number(); count > 0; count--) members.push(read(reader));
  return members;
}

function skipValue(reader: ByteText): void {
  const type = reader.byte();
  if (type === types.S || type === types.N) reader.skipString();
  else if (type === types.B) skipBytes(reader);
  else if (type >= types.L) skipMembers(reader, type);
}

function skipMembers(reader: ByteText, type: number): void {
  for (let count = reader.number(); count > 0; count--) {
    if (type === types.SS || type === types.NS) reader.skipString();
    else if (type === types.BS) skipBytes(reader);
    else {
      if (type === types.M) reader.skipString();
      skipValue(reader);
    }
  }
}

function skipBytes(reader: ByteText): void {
  reader.skip(reader.number());
}
