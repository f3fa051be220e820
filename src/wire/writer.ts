import assert from 'node:assert/strict';
import type { ByteSink } from './byte-sink.ts';
import type { Shape, StructureShape, UnionShape } from './shape.ts';

/** Writes one value after the other as bytes. */
export interface Writer {
  /** Writers with the same encoding write the same bytes. */
  readonly encoding: string;
  /** Everything written so far. */
  readonly sink: ByteSink;
  string(text: string): void;
  /** A whole number that a double holds exactly. */
  integer(value: number): void;
  /** Any number, NaN and infinities included. */
  double(value: number): void;
  /** A point in time in milliseconds since 1970. */
  timestamp(milliseconds: number): void;
  boolean(value: boolean): void;
  blob(bytes: Uint8Array): void;
  /** A string that lies in a buffer as UTF-8, from `from` on, before `end`. */
  textIn(bytes: Buffer, from: number, end: number): void;
  /** A blob that lies in a buffer. */
  blobIn(bytes: Buffer, from: number, end: number): void;
  openList(): void;
  /** Announces a list's next item. */
  item(): void;
  closeList(): void;
  openMap(): void;
  /** Announces the value of a map's next key. */
  key(name: string): void;
  closeMap(): void;
  /** A writer of the same encoding, for items of a list that follow others. */
  forItems(): Writer;
  /** Adds items from a writer of the same encoding, without copying them. */
  items(written: Buffer): void;
}

/** A list that writes its own items, as their shape would. */
export interface OwnList {
  writeItems(writer: Writer): void;
}

/** A map that writes its own entries, as their shape would. No value of a map's entry is a function. */
export interface OwnMap {
  writeEntries(writer: Writer): void;
}

/** Writes a value of the shape's `OutputOf`. Members that are undefined are left out. */
export function writeValue(writer: Writer, shape: Shape, value: unknown): void {
  switch (shape.kind) {
    case 'string':
      writer.string(value as string);
      break;
    case 'integer':
    case 'long':
      assert(Number.isSafeInteger(value));
      writer.integer(value as number);
      break;
    case 'float':
      writer.double(Math.fround(value as number));
      break;
    case 'double':
      writer.double(value as number);
      break;
    case 'boolean':
      writer.boolean(value as boolean);
      break;
    case 'timestamp':
      assert(Number.isFinite(value));
      writer.timestamp(value as number);
      break;
    case 'blob':
      writer.blob(value as Uint8Array);
      break;
    case 'list':
      if (Array.isArray(value)) writeList(writer, shape.item, value);
      else writeOwnList(writer, value as OwnList);
      break;
    case 'map':
      writeMap(writer, shape.value, value as Readonly<Record<string, unknown>>);
      break;
    case 'union':
      writeUnion(writer, shape, value as Readonly<Record<string, unknown>>);
      break;
    case 'lazy':
      writeValue(writer, shape.shape(), value);
      break;
    case 'structure':
      writeStructure(writer, shape, value as Readonly<Record<string, unknown>>);
      break;
  }
}

function writeUnion(writer: Writer, shape: UnionShape, value: Readonly<Record<string, unknown>>): void {
  assert(shape.names.filter((name) => value[name] !== undefined).length === 1);
  writeStructure(writer, shape, value);
}

function writeStructure(
  writer: Writer,
  { names, shapes }: StructureShape | UnionShape,
  value: Readonly<Record<string, unknown>>,
): void {
  writer.openMap();
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const member = value[name];
    if (member === undefined) continue;
    writer.key(name);
    writeValue(writer, shapes[index]!, member);
  }
  writer.closeMap();
}

function writeList(writer: Writer, shape: Shape, items: readonly unknown[]): void {
  const { sink } = writer;
  writer.openList();
  const start = sink.end;
  for (let index = 0; index < items.length; index++) {
    writer.item();
    writeValue(writer, shape, items[index]);
    // Records are mostly alike: with room for all after the first, nothing is copied again.
    if (index === 0) sink.reserve(Math.min((sink.end - start) * items.length * 1.125, reserveMax));
  }
  writer.closeList();
}

function writeOwnList(writer: Writer, list: OwnList): void {
  writer.openList();
  list.writeItems(writer);
  writer.closeList();
}

/** Room for the largest answer of GetRecords, 10 MiB in base64 (Kinesis API reference), and more. */
const reserveMax = 16 * 2 ** 20;

function writeMap(writer: Writer, shape: Shape, entries: Readonly<Record<string, unknown>> | OwnMap): void {
  writer.openMap();
  if (isOwnMap(entries)) entries.writeEntries(writer);
  else {
    for (const key of Object.keys(entries)) {
      writer.key(key);
      writeValue(writer, shape, entries[key]);
    }
  }
  writer.closeMap();
}

function isOwnMap(entries: Readonly<Record<string, unknown>> | OwnMap): entries is OwnMap {
  return typeof entries['writeEntries'] === 'function';
}
