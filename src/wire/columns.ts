import { strict as assert } from 'node:assert';
import type { Pattern } from './pattern.ts';
import type { BlobShape, ListShape, MemberShapes, Shape, StringShape, StructureShape } from './shape.ts';

/**
 * Finds the values in a plain body without making objects of them. A plain body has nothing but strings and
 * blobs that satisfy the shape's constraints, each member at most once, and lists of structures of these.
 * Undefined for any other body, which is left to the general reader, so strictness costs nothing. Invalid
 * data may show only when they are written.
 */
export type Scanner<S extends StructureShape = StructureShape> = (
  body: Buffer,
) => Scanned<NamesIn<S['members']>, ItemNamesIn<S['members']>> | undefined;

/** What a scan found, as places in the body; valid until the scanner is given the next body. */
export type Scanned<Name extends string = string, ItemName extends string = string> = {
  readonly reader: FastReader;
  /** The structure itself, one row. */
  readonly own: Rows<Name>;
  /** The structures in its list. */
  readonly items: Rows<ItemName>;
};

type NamesIn<Members extends MemberShapes> = {
  [Name in keyof Members]: Members[Name] extends StringShape | BlobShape ? Name : never;
}[keyof Members] &
  string;

type ItemNamesIn<Members extends MemberShapes> = {
  [Name in keyof Members]: Members[Name] extends ListShape<StructureShape<infer Item>>
    ? NamesIn<Item>
    : never;
}[keyof Members];

/** The places of members, a row for each structure. */
export interface Rows<Name extends string = string> {
  readonly count: number;
  /** A row has `width` numbers; a member has `spanFields` of them, from `columnAt` on. */
  readonly spans: Int32Array;
  readonly width: number;
  columnAt(name: Name): number;
}

/**
 * Of a member: where its value begins and ends, without delimiters, and how many bytes it decodes to. It
 * begins at `absent` when it is missing; its other numbers then mean nothing.
 */
export const spanFields = 3;
export const absent = -1;

/** The text of one of the structure's own members; undefined when it is missing. */
export function textOf<Name extends string>({ reader, own }: Scanned<Name>, name: Name): string | undefined {
  const at = own.columnAt(name);
  const start = own.spans[at]!;
  return start === absent ? undefined : reader.body.toString('latin1', start, own.spans[at + 1]);
}

/**
 * Compiles the scanner of a shape with at most one list of structures. Members of other kinds are not plain,
 * so none of those may be required.
 */
export function scannerOf<S extends StructureShape>(shape: S, encoding: FastEncoding): Scanner<S> {
  const [list, ...others] = shape.shapes.filter(isListOfStructures);
  assert(others.length === 0);
  const items = list === undefined ? undefined : new Columns(list.item, encoding, list.max);
  const own = new Columns(shape, encoding, 1, items);
  return (body) => {
    const reader = encoding.reader(body);
    own.clear();
    items?.clear();
    if (!own.readRow(reader) || !reader.isEnd()) return undefined;
    return { reader, own, items: items ?? noRows };
  };
}

const noRows: Rows = { count: 0, spans: new Int32Array(0), width: 0, columnAt: () => none };

/** A member that may be plain. */
type Column = {
  readonly name: Buffer;
  readonly kind: Shape['kind'];
  readonly isRequired: boolean;
  readonly min: number;
  readonly max: number;
  readonly pattern: Pattern | undefined;
};

/** Reads structures of one shape one by one into rows, which each body fills anew. */
class Columns implements Rows {
  count = 0;
  readonly spans: Int32Array;
  readonly width: number;
  readonly #names: readonly string[];
  readonly #columns: readonly Column[];
  readonly #items: Columns | undefined;
  readonly #rowsMax: number;

  /** `items` reads the items of the shape's list, if it has one. */
  constructor(shape: StructureShape, encoding: FastEncoding, rowsMax: number, items?: Columns) {
    const isPlain = (member: Shape) => isValue(member) || (items !== undefined && isListOfStructures(member));
    assert(shape.shapes.every((member) => isPlain(member) || member.required === undefined));
    this.#names = shape.names.filter((name) => isPlain(shape.members[name]!));
    this.#columns = this.#names.map((name) => columnOf(encoding.written(name), shape.members[name]!));
    this.#items = items;
    this.#rowsMax = rowsMax;
    this.width = this.#names.length * spanFields;
    this.spans = new Int32Array(rowsMax * this.width);
  }

  clear(): void {
    this.count = 0;
  }

  columnAt(name: string): number {
    const column = this.#names.indexOf(name);
    assert(column >= 0);
    return column * spanFields;
  }

  readRow(reader: FastReader): boolean {
    if (this.count === this.#rowsMax || !reader.openMap()) return false;
    const row = this.count * this.width;
    this.#begin(row);
    let expected = 0;
    do {
      const index = this.#next(reader, expected);
      if (index === none || !this.#read(reader, index, row + index * spanFields)) return false;
      expected = index + 1;
    } while (reader.more());
    this.count++;
    return reader.closeMap() && this.#isComplete(row);
  }

  #begin(row: number): void {
    for (let index = 0; index < this.#columns.length; index++) {
      this.spans[row + index * spanFields] = absent;
    }
  }

  /** The index of the next member. Clients write members in one order, mostly the model's. */
  #next(reader: FastReader, expected: number): number {
    const columns = this.#columns;
    for (let index = expected; index < columns.length; index++) {
      if (reader.name(columns[index]!.name)) return index;
    }
    for (let index = 0; index < expected; index++) {
      if (reader.name(columns[index]!.name)) return index;
    }
    return none;
  }

  /** Reads a member's value, and stores its place at `at`. */
  #read(reader: FastReader, index: number, at: number): boolean {
    const column = this.#columns[index]!;
    const spans = this.spans;
    if (spans[at] !== absent) return false;
    if (column.kind === 'list') {
      spans[at] = 0;
      return this.#items!.#readList(reader, column.min);
    }
    const isBlob = column.kind === 'blob';
    if (!(isBlob ? reader.data() : isText(reader, column))) return false;
    const { start, end } = reader;
    const bytes = isBlob ? reader.dataBytes : end - start;
    spans[at] = start;
    spans[at + 1] = end;
    spans[at + 2] = bytes;
    return bytes <= column.max;
  }

  #readList(reader: FastReader, min: number): boolean {
    if (!reader.openList()) return false;
    do {
      if (!this.readRow(reader)) return false;
    } while (reader.more());
    return this.count >= min && reader.closeList();
  }

  #isComplete(row: number): boolean {
    const columns = this.#columns;
    for (let index = 0; index < columns.length; index++) {
      if (columns[index]!.isRequired && this.spans[row + index * spanFields] === absent) return false;
    }
    return true;
  }
}

function isText(reader: FastReader, { min, max, pattern }: Column): boolean {
  if (!reader.text(max) || reader.end - reader.start < min) return false;
  return pattern === undefined || pattern.matchesIn(reader.body, reader.start, reader.end);
}

function isValue(shape: Shape): shape is StringShape | BlobShape {
  return shape.kind === 'blob' || (shape.kind === 'string' && shape.values === undefined);
}

function isListOfStructures(shape: Shape): shape is ListShape<StructureShape> & { readonly max: number } {
  return shape.kind === 'list' && shape.item.kind === 'structure' && shape.max !== undefined;
}

function columnOf(name: Buffer, shape: Shape): Column {
  const { kind } = shape;
  assert(kind === 'string' || kind === 'blob' || kind === 'list');
  return {
    name,
    kind,
    isRequired: shape.required === true,
    min: kind === 'blob' ? 0 : (shape.min ?? 0),
    max: kind === 'string' ? Math.min(shape.max ?? textMax, textMax) : (shape.max ?? Infinity),
    pattern: kind === 'string' ? shape.pattern : undefined,
  };
}

/** Longer texts are not plain. */
const textMax = 2048;

const none = -1;

/**
 * Walks over a plain body once: one without anything that its encoding allows and hardly any client writes.
 * Every method answers whether what it asks for comes next, and then has passed over it. Where something has
 * to come and does not, the body is not plain and reading stops; so nothing is promised about invalid bodies.
 */
export interface FastReader {
  readonly body: Buffer;
  /** Where the last text or data begin and end, without delimiters. */
  readonly start: number;
  readonly end: number;
  /** How many bytes the last data decode to. */
  readonly dataBytes: number;
  /** Enters a map that is not empty. */
  openMap(): boolean;
  /** Enters a list that is not empty. */
  openList(): boolean;
  /** Whether the map or the list has one more member or item. */
  more(): boolean;
  /** Leaves a map that has no more. */
  closeMap(): boolean;
  closeList(): boolean;
  /**
   * Whether the next member has this name, as the encoding writes it; its value then comes next. If not,
   * another name may be tried.
   */
  name(written: Buffer): boolean;
  /** A text of at most `max` ASCII characters. */
  text(max: number): boolean;
  data(): boolean;
  isEnd(): boolean;
  /** Writes the `dataBytes` of the data between two places. False when they cannot be decoded. */
  writeData(start: number, end: number, bytes: Buffer, at: number, dataBytes: number): boolean;
}

/** What plain bodies of an encoding are read with. */
export type FastEncoding = {
  reader(body: Buffer): FastReader;
  /** A member's name as plain bodies have it. */
  written(name: string): Buffer;
};

/** Whether a body has these bytes at a place. */
export function standsAt(body: Buffer, at: number, bytes: Buffer): boolean {
  const { length } = bytes;
  if (at + length > body.length) return false;
  for (let index = 0; index < length; index++) {
    if (body[at + index] !== bytes[index]) return false;
  }
  return true;
}
