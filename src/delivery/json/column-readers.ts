import type { JsonReading } from '../delivery-spec.ts';
import type { LeafColumn } from '../format/parquet/leaf-column.ts';
import type { Leaf, LeafValues } from '../format/parquet/parquet-leaf.ts';
import type { ParquetNode } from '../format/parquet/parquet-schema.ts';
import { MismatchError } from './json-error.ts';
import { JsonKind, type JsonTape } from './json-tape.ts';
import { MemberNames } from './member-names.ts';
import { openInstantReader } from './read-instant.ts';
import { type ValueReader, type ValueReading, valueReaderOf } from './value-readers.ts';

/**
 * Gives a JSON value, and all that is in it, to the columns below a node. `definition` is how much of the
 * path above is there, `repetition` the list at which it begins an entry.
 */
export interface ColumnReader {
  /** An index below 0 is a value that is not there. Throws `MismatchError`. */
  read(tape: JsonTape, index: number, definition: number, repetition: number): void;
  /** Nothing is there, as something above is missing. */
  skip(definition: number, repetition: number): void;
}

/** Makes a leaf's column. */
export type OpenColumn = (leaf: Leaf) => { readonly column: LeafColumn; readonly values: LeafValues };

/** The reader of a whole row: an object whose members are columns. */
export function rowReaderOf(
  columns: readonly ParquetNode[],
  reading: JsonReading,
  openColumn: OpenColumn,
): ColumnReader {
  const isLenient = reading.serde !== 'hive';
  const made: Making = { reading, openColumn, values: { isLenient, instantOf: openInstantReader(reading) } };
  const row = { kind: 'struct', name: '', isRequired: true, definition: 0, fields: columns } as const;
  return readerOf(row, made);
}

type Making = {
  readonly reading: JsonReading;
  readonly openColumn: OpenColumn;
  readonly values: Omit<ValueReading, 'column'>;
};

function readerOf(node: ParquetNode, making: Making): ColumnReader {
  switch (node.kind) {
    case 'leaf': {
      const { column, values } = making.openColumn(node.leaf);
      const ofColumn = { ...making.values, column: node.leaf.path.join('.') };
      return new LeafReader(node, column, valueReaderOf(node.leaf, values, ofColumn));
    }
    case 'struct': {
      const fields = node.fields.map((field) => readerOf(field, making));
      const names = new MemberNames(
        node.fields.map((field) => field.name),
        making.reading,
      );
      return new StructReader(node, fields, names);
    }
    case 'list':
      return new ListReader(node, node.repetition, readerOf(node.element, making));
    case 'map': {
      // A key is a string in JSON, whatever it is in the table.
      const ofKeys = { ...making, values: { ...making.values, isLenient: true } };
      return new MapReader(node, node.repetition, readerOf(node.key, ofKeys), readerOf(node.value, making));
    }
  }
}

type Place = Pick<ParquetNode, 'name' | 'isRequired' | 'definition'>;

/** Whether there is no value. Throws where the column must have one. */
function isAbsent(tape: JsonTape, index: number, { name, isRequired }: Place): boolean {
  if (index >= 0 && tape.kind(index) !== JsonKind.null) return false;
  if (isRequired) throw new MismatchError(`Column ${name} is required.`);
  return true;
}

function notAn(what: string, { name }: Place): MismatchError {
  return new MismatchError(`${name === '' ? 'A row' : `Column ${name}`} is no ${what}.`);
}

class LeafReader implements ColumnReader {
  readonly #place: Place;
  readonly #column: LeafColumn;
  readonly #readValue: ValueReader;

  constructor(place: Place, column: LeafColumn, readValue: ValueReader) {
    this.#place = place;
    this.#column = column;
    this.#readValue = readValue;
  }

  read(tape: JsonTape, index: number, definition: number, repetition: number): void {
    if (isAbsent(tape, index, this.#place)) {
      this.#column.absent(definition, repetition);
      return;
    }
    this.#readValue(tape, index);
    this.#column.present(repetition);
  }

  skip(definition: number, repetition: number): void {
    this.#column.absent(definition, repetition);
  }
}

class StructReader implements ColumnReader {
  readonly #place: Place;
  readonly #fields: readonly ColumnReader[];
  readonly #names: MemberNames;
  /** Where on the tape the value of each field is: of the last member of its name. */
  readonly #found: Int32Array;

  constructor(place: Place, fields: readonly ColumnReader[], names: MemberNames) {
    this.#place = place;
    this.#fields = fields;
    this.#names = names;
    this.#found = new Int32Array(fields.length);
  }

  read(tape: JsonTape, index: number, definition: number, repetition: number): void {
    if (isAbsent(tape, index, this.#place)) {
      this.skip(definition, repetition);
      return;
    }
    if (tape.kind(index) !== JsonKind.object) throw notAn('object', this.#place);
    this.#found.fill(-1);
    const end = tape.after(index);
    let member = 0;
    for (let key = index + 1; key < end; member += 1) {
      const field = this.#names.fieldOf(tape, key, member);
      if (field >= 0) this.#found[field] = key + 1;
      key = tape.after(key + 1);
    }
    for (let field = 0; field < this.#fields.length; field += 1) {
      this.#fields[field]!.read(tape, this.#found[field]!, this.#place.definition, repetition);
    }
  }

  skip(definition: number, repetition: number): void {
    for (const field of this.#fields) field.skip(definition, repetition);
  }
}

class ListReader implements ColumnReader {
  readonly #place: Place;
  readonly #repetition: number;
  readonly #element: ColumnReader;

  constructor(place: Place, repetition: number, element: ColumnReader) {
    this.#place = place;
    this.#repetition = repetition;
    this.#element = element;
  }

  read(tape: JsonTape, index: number, definition: number, repetition: number): void {
    if (isAbsent(tape, index, this.#place)) {
      this.skip(definition, repetition);
      return;
    }
    if (tape.kind(index) !== JsonKind.array) throw notAn('array', this.#place);
    const end = tape.after(index);
    if (end === index + 1) this.skip(this.#place.definition, repetition);
    let level = repetition;
    for (let entry = index + 1; entry < end; entry = tape.after(entry)) {
      this.#element.read(tape, entry, this.#place.definition + 1, level);
      level = this.#repetition;
    }
  }

  skip(definition: number, repetition: number): void {
    this.#element.skip(definition, repetition);
  }
}

class MapReader implements ColumnReader {
  readonly #place: Place;
  readonly #repetition: number;
  readonly #key: ColumnReader;
  readonly #value: ColumnReader;

  constructor(place: Place, repetition: number, key: ColumnReader, value: ColumnReader) {
    this.#place = place;
    this.#repetition = repetition;
    this.#key = key;
    this.#value = value;
  }

  read(tape: JsonTape, index: number, definition: number, repetition: number): void {
    if (isAbsent(tape, index, this.#place)) {
      this.skip(definition, repetition);
      return;
    }
    if (tape.kind(index) !== JsonKind.object) throw notAn('object', this.#place);
    if (tape.after(index) === index + 1) this.skip(this.#place.definition, repetition);
    let level = repetition;
    for (const key of lastOfEach(tape, index)) {
      this.#key.read(tape, key, this.#place.definition + 1, level);
      this.#value.read(tape, key + 1, this.#place.definition + 1, level);
      level = this.#repetition;
    }
  }

  skip(definition: number, repetition: number): void {
    this.#key.skip(definition, repetition);
    this.#value.skip(definition, repetition);
  }
}

/** The keys of an object, on the tape; of equal ones the last, as a map has no key twice. */
function lastOfEach(tape: JsonTape, index: number): Iterable<number> {
  const end = tape.after(index);
  const keys = new Map<string, number>();
  for (let key = index + 1; key < end; key = tape.after(key + 1)) keys.set(tape.text(key), key);
  return keys.values();
}
