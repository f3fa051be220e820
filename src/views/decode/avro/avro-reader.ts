import { Undecodable } from '../undecodable.ts';
import type { AvroCursor } from './avro-cursor.ts';
import { logicalReader } from './logical-reader.ts';

/**
 * Reads a value of one schema, as JSON has it: bytes in base64, longs that a double does not hold as texts.
 */
export type AvroRead = (cursor: AvroCursor) => unknown;

/** A reader by a schema that is known to be sound. */
export function avroReader(schema: unknown): AvroRead {
  return readerOf(schema, { names: new Map(), space: '' });
}

/** Types by their full names, and the namespace that a name without one is in. */
type Scope = { readonly names: Map<string, AvroRead>; readonly space: string };

type NamedSchema = {
  readonly type: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly scale?: number;
  readonly items?: unknown;
  readonly values?: unknown;
  readonly size?: number;
  readonly symbols?: readonly string[];
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
};

function readerOf(schema: unknown, scope: Scope): AvroRead {
  const read = uncountedReader(schema, scope);
  return (cursor) => {
    cursor.count();
    return read(cursor);
  };
}

function uncountedReader(schema: unknown, scope: Scope): AvroRead {
  if (typeof schema === 'string') return namedReader(schema, scope);
  if (Array.isArray(schema)) return unionReader(schema, scope);
  const { type, ...rest } = schema as NamedSchema;
  // A schema may be wrapped: {"type": {"type": "record", …}}.
  if (typeof type !== 'string') return uncountedReader(type, scope);
  const { logicalType } = rest;
  const logical = logicalType === undefined ? undefined : logicalReader(logicalType, { type, ...rest });
  if (logical === undefined) return complexReader({ type, ...rest }, scope);
  if (type === 'fixed') scope.names.set(scopeOf({ type, ...rest }, scope).name, logical);
  return logical;
}

function complexReader(schema: NamedSchema, scope: Scope): AvroRead {
  switch (schema.type) {
    case 'record':
    case 'error':
      return recordReader(schema, scope);
    case 'enum':
      return noted(schema, scope, enumReader(schema.symbols!));
    case 'fixed':
      return noted(schema, scope, (cursor) => cursor.take(schema.size!).toString('base64'));
    case 'array': {
      const item = readerOf(schema.items, scope);
      return (cursor) => cursor.nested(() => Array.from(cursor.items(), () => item(cursor)));
    }
    case 'map': {
      const value = readerOf(schema.values, scope);
      const entry = (cursor: AvroCursor) => [cursor.text(), value(cursor)] as const;
      return (cursor) =>
        cursor.nested(() => Object.fromEntries(Array.from(cursor.items(), () => entry(cursor))));
    }
    default:
      return namedReader(schema.type, scope);
  }
}

function namedReader(name: string, { names, space }: Scope): AvroRead {
  const primitive = primitives.get(name);
  if (primitive !== undefined) return primitive;
  const full = name.includes('.') || space === '' ? name : `${space}.${name}`;
  // A record may hold itself, so it is looked up when it is read.
  return (cursor) => (names.get(full) ?? names.get(name))!(cursor);
}

const primitives: ReadonlyMap<string, AvroRead> = new Map<string, AvroRead>([
  ['null', () => null],
  ['boolean', (cursor) => cursor.byte() === 1],
  ['int', (cursor) => cursor.size()],
  ['long', (cursor) => exact(cursor.long())],
  ['float', (cursor) => finite(cursor.take(4).readFloatLE())],
  ['double', (cursor) => finite(cursor.take(8).readDoubleLE())],
  ['bytes', (cursor) => cursor.take(cursor.size()).toString('base64')],
  ['string', (cursor) => cursor.text()],
]);

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no infinities. */
const finite = (value: number) => (Number.isFinite(value) ? value : String(value));

function unionReader(schemas: readonly unknown[], scope: Scope): AvroRead {
  const branches = schemas.map((schema) => readerOf(schema, scope));
  return (cursor) => {
    const branch = branches[cursor.size()];
    if (branch === undefined) throw new Undecodable('it does not fit the schema: a union has no such branch');
    return branch(cursor);
  };
}

function enumReader(symbols: readonly string[]): AvroRead {
  return (cursor) => {
    const symbol = symbols[cursor.size()];
    if (symbol === undefined) throw new Undecodable('it does not fit the schema: an enum has no such symbol');
    return symbol;
  };
}

function recordReader(schema: NamedSchema, scope: Scope): AvroRead {
  const { name, space } = scopeOf(schema, scope);
  const fields: (readonly [string, AvroRead])[] = [];
  const read: AvroRead = (cursor) =>
    cursor.nested(() => Object.fromEntries(fields.map(([field, value]) => [field, value(cursor)])));
  scope.names.set(name, read);
  for (const { name: field, type } of schema.fields!)
    fields.push([field, readerOf(type, { ...scope, space })]);
  return read;
}

function noted(schema: NamedSchema, scope: Scope, read: AvroRead): AvroRead {
  scope.names.set(scopeOf(schema, scope).name, read);
  return read;
}

/** The full name of a named schema, and the namespace of what is in it (specification, "Names"). */
function scopeOf({ name = '', namespace }: NamedSchema, { space }: Scope): { name: string; space: string } {
  if (name.includes('.')) return { name, space: name.slice(0, name.lastIndexOf('.')) };
  const inside = namespace ?? space;
  return { name: inside === '' ? name : `${inside}.${name}`, space: inside };
}
