import assert from 'node:assert/strict';
import type { Shape, StructureShape } from './shape.ts';

/** Takes one value after the other and makes bytes of them. */
export interface Writer {
  string(text: string): void;
  /** A whole number that a double holds exactly. */
  integer(value: number): void;
  /** A point in time in milliseconds since 1970. */
  timestamp(milliseconds: number): void;
  boolean(value: boolean): void;
  blob(bytes: Uint8Array): void;
  openList(): void;
  /** Announces a list's next item. */
  item(): void;
  closeList(): void;
  openMap(): void;
  /** Announces the value of a map's next key. */
  key(name: string): void;
  closeMap(): void;
  /** All that was written. Nothing may be written after. */
  bytes(): Buffer;
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
      writeList(writer, shape.item, value as readonly unknown[]);
      break;
    case 'map':
      writeMap(writer, shape.value, value as Readonly<Record<string, string>>);
      break;
    case 'structure':
      writeStructure(writer, shape, value as Readonly<Record<string, unknown>>);
      break;
  }
}

function writeStructure(
  writer: Writer,
  { names, shapes }: StructureShape,
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
  writer.openList();
  for (const item of items) {
    writer.item();
    writeValue(writer, shape, item);
  }
  writer.closeList();
}

function writeMap(writer: Writer, shape: Shape, entries: Readonly<Record<string, string>>): void {
  writer.openMap();
  for (const key of Object.keys(entries)) {
    writer.key(key);
    writeValue(writer, shape, entries[key]);
  }
  writer.closeMap();
}
