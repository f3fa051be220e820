import type { TableSchema } from '../../iceberg/table-schema.ts';
import { dateAt, instantAt } from '../json/instant.ts';
import { JsonError } from '../json/json-error.ts';
import { integerAt } from '../json/json-number.ts';
import { JsonKind, JsonTape } from '../json/json-tape.ts';
import { type DraftField, type DraftType, schemaDepthMax, schemaOfDraft } from './schema-draft.ts';
import { SchemaError } from './schema-error.ts';

/**
 * The schema that records of JSON look like: every column may be null, and is wide enough for all that was
 * seen: integers are longs, beside fractions doubles; text is a timestamp or a date where all of it is one;
 * what is of several kinds is a string. Records that are no JSON objects are left out, and so are columns
 * that were always null or empty. Throws `SchemaError` where nothing is left.
 */
export function schemaOfSamples(records: readonly Buffer[]): TableSchema {
  const tape = new JsonTape();
  const seen = new Seen();
  for (const record of records) {
    try {
      tape.begin(record);
      while (tape.next()) if (tape.kind(0) === JsonKind.object) seen.add(tape, 0, 0);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
    }
  }
  const type = seen.type();
  if (type?.kind !== 'struct') throw new SchemaError('No record is a JSON object with a value in it.');
  return schemaOfDraft(type.fields);
}

type SeenKind = 'boolean' | 'long' | 'double' | 'timestamptz' | 'date' | 'string' | 'list' | 'struct';

/** What the values of a column have been. */
class Seen {
  readonly #kinds = new Set<SeenKind>();
  readonly #members = new Map<string, Seen>();
  #element: Seen | undefined;

  add(tape: JsonTape, index: number, depth: number): void {
    const kind = kindOf(tape, index, depth);
    if (kind === undefined) return;
    this.#kinds.add(kind);
    if (kind === 'struct') this.#addMembers(tape, index, depth);
    if (kind === 'list') this.#addEntries(tape, index, depth);
  }

  /** Undefined where only nulls, and what is empty, were seen. */
  type(): DraftType | undefined {
    const [kind, ...others] = this.#kinds;
    if (kind === undefined) return undefined;
    if (others.length > 0) return { kind: widened(this.#kinds) };
    if (kind === 'struct') return this.#structType();
    if (kind !== 'list') return { kind };
    const element = this.#element?.type();
    return element && { kind: 'list', element };
  }

  #addMembers(tape: JsonTape, index: number, depth: number): void {
    for (let key = index + 1; key < tape.after(index); key = tape.after(key + 1)) {
      const name = tape.text(key);
      const member = this.#members.get(name) ?? new Seen();
      this.#members.set(name, member);
      member.add(tape, key + 1, depth + 1);
    }
  }

  #addEntries(tape: JsonTape, index: number, depth: number): void {
    this.#element ??= new Seen();
    for (let entry = index + 1; entry < tape.after(index); entry = tape.after(entry)) {
      this.#element.add(tape, entry, depth + 1);
    }
  }

  #structType(): DraftType | undefined {
    const fields: DraftField[] = [];
    for (const [name, member] of this.#members) {
      const type = name === '' ? undefined : member.type();
      if (type !== undefined) fields.push({ name, required: false, type });
    }
    return fields.length === 0 ? undefined : { kind: 'struct', fields };
  }
}

function kindOf(tape: JsonTape, index: number, depth: number): SeenKind | undefined {
  const kind = tape.kind(index);
  switch (kind) {
    case JsonKind.null:
      return undefined;
    case JsonKind.true:
    case JsonKind.false:
      return 'boolean';
    case JsonKind.integer:
      return isLong(tape, index) ? 'long' : 'double';
    case JsonKind.float:
      return 'double';
    case JsonKind.plainString:
      return textKind(tape, index);
    case JsonKind.escapedString:
      return 'string';
    default:
      // What is nested deeper than a table may be is kept as text.
      if (depth >= schemaDepthMax) return 'string';
      return kind === JsonKind.array ? 'list' : 'struct';
  }
}

const longDigitsMax = 20; // -9223372036854775808

function isLong(tape: JsonTape, index: number): boolean {
  if (integerAt(tape.bytes, tape.start(index), tape.end(index)) !== undefined) return true;
  if (tape.end(index) - tape.start(index) > longDigitsMax) return false;
  const value = BigInt(tape.text(index));
  return BigInt.asIntN(64, value) === value;
}

function textKind(tape: JsonTape, index: number): SeenKind {
  const start = tape.start(index);
  const end = tape.end(index);
  if (dateAt(tape.bytes, start, end) !== undefined) return 'date';
  return instantAt(tape.bytes, start, end) === undefined ? 'string' : 'timestamptz';
}

/** What holds values of all these kinds. */
function widened(kinds: ReadonlySet<SeenKind>): 'double' | 'string' {
  for (const kind of kinds) if (kind !== 'long' && kind !== 'double') return 'string';
  return 'double';
}
