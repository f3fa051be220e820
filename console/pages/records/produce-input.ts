import { CsvRows, objectOfRow, separatorOf } from './csv-rows.ts';
import { JsonValues } from './json-values.ts';

/** `saved` are records as this console saves them: each with its own key, and data in base64. */
export type InputFormat = 'json' | 'csv' | 'lines' | 'saved';

/** Which partition key records get. `random` spreads them over all shards. */
export type KeyChoice =
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'constant'; readonly key: string }
  | { readonly kind: 'random' };

/** A record to be put; `data` in base64, as PutRecords takes it. */
export type NewRecord = {
  readonly partitionKey: string;
  readonly data: string;
  readonly explicitHashKey?: string | undefined;
};

/** Something in the input that is no record, and why. */
export type Unusable = {
  readonly unusable: 'not-json' | 'no-key' | 'key-too-long' | 'no-data';
  readonly text: string;
};

/** What the beginning of an input is: its format, and the fields that could be its partition key. */
export function inspectInput(beginning: string): {
  readonly format: InputFormat;
  readonly fields: readonly string[];
} {
  const text = beginning.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('{') || text.startsWith('[')) {
    const values = new JsonValues();
    const first = parsed(values.push(text)[0] ?? values.end() ?? '');
    if (isSavedRecord(first)) return { format: 'saved', fields: [] };
    return { format: 'json', fields: fieldsOf(first) };
  }
  const lines = text.split(/\r?\n/, 3);
  const separator = separatorOf(lines[0]!);
  const isTable = lines.length > 1 && lines[0]!.includes(separator) && lines[1]!.includes(separator);
  if (!isTable) return { format: 'lines', fields: [] };
  return { format: 'csv', fields: new CsvRows(separator).push(`${lines[0]!}\n`)[0] ?? [] };
}

/** The records of an input that comes piece by piece. */
export async function* recordsIn(
  pieces: AsyncIterable<string> | Iterable<string>,
  format: InputFormat,
  key: KeyChoice,
  random: () => string,
): AsyncGenerator<NewRecord | Unusable> {
  for await (const value of valuesIn(pieces, format)) yield recordOf(value, format, key, random);
}

/** Characters of a partition key (Kinesis API reference, PutRecord). */
const keyLengthMax = 256;

async function* valuesIn(
  pieces: AsyncIterable<string> | Iterable<string>,
  format: InputFormat,
): AsyncGenerator<string> {
  const reader = format === 'csv' ? new CsvObjects() : format === 'lines' ? new Lines() : new JsonValues();
  let isFirst = true;
  for await (const piece of pieces) {
    const values = reader.push(isFirst ? piece.replace(/^\uFEFF/, '') : piece);
    isFirst = false;
    yield* values;
  }
  const last = reader.end();
  if (last !== undefined) yield last;
}

class Lines {
  #rest = '';

  push(piece: string): string[] {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop()!;
    return lines.map(withoutReturn).filter((line) => line !== '');
  }

  end(): string | undefined {
    const line = withoutReturn(this.#rest);
    return line === '' ? undefined : line;
  }
}

/** Rows as objects, named by the first one. */
class CsvObjects {
  #beginning = '';
  #rows: CsvRows | undefined;
  #header: string[] | undefined;

  push(piece: string): string[] {
    if (this.#rows !== undefined) return this.#objects(this.#rows.push(piece));
    this.#beginning += piece;
    const end = this.#beginning.indexOf('\n');
    if (end === -1) return [];
    return this.#begin();
  }

  end(): string | undefined {
    if (this.#rows === undefined) this.#begin();
    return this.#objects(this.#rows!.end())[0];
  }

  #begin(): string[] {
    this.#rows = new CsvRows(separatorOf(this.#beginning.split('\n', 1)[0]!));
    return this.#objects(this.#rows.push(this.#beginning));
  }

  #objects(rows: string[][]): string[] {
    const body = this.#header === undefined ? rows.slice(1) : rows;
    this.#header ??= rows[0];
    return body.map((row) => objectOfRow(this.#header!, row));
  }
}

function recordOf(
  value: string,
  format: InputFormat,
  key: KeyChoice,
  random: () => string,
): NewRecord | Unusable {
  if (format === 'saved') return savedRecord(value);
  if (format === 'json' && parsed(value) === undefined) return { unusable: 'not-json', text: value };
  const partitionKey = keyOf(value, key, random);
  if (partitionKey === undefined || partitionKey === '') return { unusable: 'no-key', text: value };
  if ([...partitionKey].length > keyLengthMax) return { unusable: 'key-too-long', text: value };
  return { partitionKey, data: base64Of(value) };
}

function keyOf(value: string, key: KeyChoice, random: () => string): string | undefined {
  if (key.kind === 'constant') return key.key;
  if (key.kind === 'random') return random();
  const found = fieldAt(parsed(value), key.path);
  if (found === undefined || found === null) return undefined;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}

/** A name that is a field's own wins over a path through objects: `a.b` of `{"a.b": 1}` is 1. */
function fieldAt(value: unknown, path: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  const dot = path.indexOf('.');
  if (dot === -1 || !Object.hasOwn(value, path.slice(0, dot))) return undefined;
  return fieldAt(value[path.slice(0, dot)], path.slice(dot + 1));
}

/** Names of fields whose values can be keys, and those of objects in it by their path. */
function fieldsOf(value: unknown, prefix = ''): string[] {
  if (!isObject(value) || prefix.split('.').length > 3) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    isObject(member)
      ? fieldsOf(member, `${prefix}${name}.`)
      : Array.isArray(member)
        ? []
        : [`${prefix}${name}`],
  );
}

function savedRecord(text: string): NewRecord | Unusable {
  const value = parsed(text);
  if (value === undefined) return { unusable: 'not-json', text };
  if (!isSavedRecord(value)) return { unusable: 'no-data', text };
  const explicitHashKey = typeof value['explicitHashKey'] === 'string' ? value['explicitHashKey'] : undefined;
  return { partitionKey: value.partitionKey, data: value.data, explicitHashKey };
}

function isSavedRecord(
  value: unknown,
): value is Record<string, unknown> & { partitionKey: string; data: string } {
  if (!isObject(value)) return false;
  const { partitionKey, data, sequenceNumber } = value;
  return typeof partitionKey === 'string' && typeof data === 'string' && typeof sequenceNumber === 'string';
}

/** UTF-8, in base64. */
export function base64Of(text: string): string {
  return base64OfBytes(new TextEncoder().encode(text));
}

function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  // As many arguments at once as every browser allows.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}

export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
