import { ServiceError } from './service-error.ts';
import type { ListShape, MapShape, NumberShape, Shape, StructureShape, UnionShape } from './shape.ts';
import { notOne, shown, type TypeErrors, typeError } from './type-error.ts';

/**
 * Pulls one value after the other out of a body. `peek` says what comes next; then the method for that has to
 * be called. A malformed body throws a SerializationException without a message.
 */
export interface Reader {
  /** What bodies in it may hold. */
  readonly rules: ReadRules;
  peek(): Token;
  string(): string;
  number(): number;
  /** Reads any number as a point in time, in milliseconds since 1970. */
  timestamp(): number;
  boolean(): boolean;
  null(): void;
  /** Reads bytes, or a string as base64; throws AWS's text for an invalid one, after passing over it. */
  blob(): Buffer;
  /** Passes over a string as `string` reads it. */
  skipString(): void;
  /** Passes over a number as `number` reads it. */
  skipNumber(): void;
  /** Enters a list or a map. */
  open(): void;
  /** Whether the list has another item, which comes next; at its end the list is left. */
  nextItem(): boolean;
  /** As `nextKey`, but answers the key's index in `names`, trying `guess` first; or `unknown`, or `end`. */
  nextMember(names: readonly string[], guess: number): number;
  /** The next key of the map, whose value comes next; undefined at the map's end, which is then passed. */
  nextKey(): string | undefined;
  /** Checks that nothing follows. */
  end(): void;
}

export type Token = 'string' | 'number' | 'boolean' | 'null' | 'bytes' | 'list' | 'map';

export const unknown = -1;
export const end = -2;

/** What bodies may hold, and how one that holds something else is told so. */
export type ReadRules = {
  /** How deep lists and maps may lie in each other. */
  readonly depthMax: number;
  /** Entries of lists and maps, and members of structures, in one body. */
  readonly valuesMax: number;
  /** The texts of the service, where they are not those of `typeError`. */
  readonly typeErrors?: TypeErrors;
};

/** Deeper than any operation's input. */
export const depthMax = 32;
/** Values in one body. Valid requests have far fewer: 500 records have 2,000. */
export const valuesMax = 50_000;

/** For all services whose inputs have a form that is known beforehand. */
export const usualRules: ReadRules = { depthMax, valuesMax };

/** Entries of a list or map whose shape allows fewer; further ones are only passed over. */
export const entriesMax = 1_000;

/** The range of times that a Date holds (ECMA-262, "Time Values and Time Range"). */
const timeMax = 8.64e15;

export function malformed(): ServiceError {
  return new ServiceError('SerializationException');
}

/**
 * The next value by its shape; undefined for null, and for a wrong type, which is noted: AWS parses the whole
 * body before it looks at types, so a malformation after a wrong type is the error.
 */
export function read(reader: Reader, shape: Shape, wrong: FirstTypeError, isEntry = false): unknown {
  const token = reader.peek();
  if (token === 'null') return reader.null();
  return readToken(reader, token, shape, wrong, isEntry);
}

function readToken(
  reader: Reader,
  token: Exclude<Token, 'null'>,
  shape: Shape,
  wrong: FirstTypeError,
  isEntry = false,
): unknown {
  switch (shape.kind) {
    case 'string':
      if (token === 'string') return reader.string();
      break;
    case 'blob':
      if (token === 'string' || token === 'bytes') return attempt(readBlob, reader, token, wrong);
      break;
    case 'integer':
    case 'long':
      if (token === 'number') return narrow(reader.number(), shape.kind);
      break;
    case 'float':
    case 'double':
      if (token === 'number') return rounded(reader.number(), shape.kind);
      if (token === 'string') return readNonNumber(reader, shape, wrong);
      break;
    case 'boolean':
      if (token === 'boolean') return reader.boolean();
      if (token === 'string') return attempt(readBooleanText, reader, token, wrong);
      if (token === 'number') return attempt(readBooleanNumber, reader, token, wrong);
      break;
    case 'timestamp':
      if (token === 'number') return whole(reader.timestamp(), -timeMax, timeMax);
      break;
    case 'list':
      if (token === 'list') return readList(reader, shape, wrong);
      break;
    case 'map':
      if (token === 'map') return readMap(reader, shape, wrong);
      break;
    case 'structure':
      if (token === 'map') return readStructure(reader, shape, wrong);
      break;
    case 'union':
      if (token === 'map') return readUnion(reader, shape, wrong);
      break;
    case 'lazy':
      return readToken(reader, token, shape.shape(), wrong, isEntry);
  }
  const own = reader.rules.typeErrors?.of(shape, token, reader, isEntry);
  wrong.first ??= own ?? typeError(shape, token);
  if (own === undefined) skipToken(reader, token);
  return undefined;
}

/** The error about the first value of a wrong type, in AWS's words. */
export type FirstTypeError = { first: ServiceError | undefined };

/** Reads a value whose text may be invalid. */
function attempt<Value>(
  read: (reader: Reader) => Value,
  reader: Reader,
  token: Token,
  wrong: FirstTypeError,
): Value | undefined {
  try {
    return read(reader);
  } catch (error) {
    if (!isTypeError(error)) throw error;
    wrong.first ??= reader.rules.typeErrors?.ofText(error, token) ?? error;
    return undefined;
  }
}

function isTypeError(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.type === 'SerializationException' && error.message !== '';
}

const readBlob = (reader: Reader) => reader.blob();
const readBooleanText = (reader: Reader) => booleanOf(reader.string());
const readBooleanNumber = (reader: Reader) => booleanOfNumber(reader.number());

/** Passes over the next value, whatever it is. */
export function skip(reader: Reader): void {
  skipToken(reader, reader.peek());
}

export function skipToken(reader: Reader, token: Token): void {
  switch (token) {
    case 'list':
      reader.open();
      while (reader.nextItem()) skip(reader);
      break;
    case 'map':
      reader.open();
      skipMembers(reader);
      break;
    case 'string':
      reader.skipString();
      break;
    case 'bytes':
      reader.blob();
      break;
    case 'number':
      reader.skipNumber();
      break;
    case 'boolean':
      reader.boolean();
      break;
    case 'null':
      reader.null();
      break;
  }
}

function skipMembers(reader: Reader): void {
  while (reader.nextMember(noNames, 0) !== end) skip(reader);
}

const noNames: readonly string[] = [];

function readStructure(reader: Reader, shape: StructureShape, wrong: FirstTypeError): unknown {
  const { names, shapes } = shape;
  const value: Record<string, unknown> = {};
  reader.open();
  let index = reader.nextMember(names, 0);
  while (index !== end) {
    if (index === unknown) {
      skip(reader);
      index = reader.nextMember(names, 0);
      continue;
    }
    const name = names[index]!;
    const member = read(reader, shapes[index]!, wrong);
    // Of a repeated name the last value counts, as with Jackson; a null removes the value before it.
    if (member !== undefined) value[name] = member;
    else if (name in value) delete value[name];
    // Clients write members in one order, mostly the model's.
    index = reader.nextMember(names, index + 1);
  }
  return value;
}

/** A union has exactly one member, and no unknown one; nulls do not count. */
function readUnion(reader: Reader, shape: UnionShape, wrong: FirstTypeError): unknown {
  const { names, shapes } = shape;
  const value: Record<string, unknown> = {};
  let count = 0;
  reader.open();
  for (let index = reader.nextMember(names, 0); index !== end; index = reader.nextMember(names, 0)) {
    const token = reader.peek();
    if (token !== 'null') count++;
    if (index === unknown) {
      skip(reader);
      continue;
    }
    const member = token === 'null' ? reader.null() : readToken(reader, token, shapes[index]!, wrong);
    if (member !== undefined) value[names[index]!] = member;
  }
  if (count !== 1) wrong.first ??= notOne(shape, count);
  return value;
}

function readList(reader: Reader, shape: ListShape<Shape>, wrong: FirstTypeError): unknown[] {
  const items: unknown[] = [];
  const kept = keptOf(shape, reader);
  reader.open();
  while (reader.nextItem()) {
    if (items.length >= kept) skip(reader);
    else items.push(read(reader, shape.item, wrong, true));
  }
  return items;
}

function readMap(reader: Reader, shape: MapShape, wrong: FirstTypeError): Record<string, unknown> {
  // Without a prototype, so that a key such as __proto__ is a key like any other.
  const entries: Record<string, unknown> = Object.create(null);
  const kept = keptOf(shape, reader);
  reader.open();
  for (let count = 0; count < kept; count++) {
    const key = reader.nextKey();
    if (key === undefined) return entries;
    const value = read(reader, shape.value, wrong, true);
    if (value !== undefined) entries[key] = value;
    else delete entries[key];
  }
  skipMembers(reader);
  return entries;
}

/** How many entries are kept: enough to see that there are too many. */
function keptOf({ max }: ListShape<Shape> | MapShape, { rules }: Reader): number {
  return max !== undefined && max < entriesMax ? entriesMax : rules.valuesMax;
}

/** Cuts a number to the precision that its shape has. */
function rounded(value: number, kind: NumberShape['kind']): number {
  return kind === 'float' ? Math.fround(value) : value;
}

/** As JSON has them (smithy.io, "AWS JSON 1.0 protocol", "Non-numeric float and double"). */
function readNonNumber(reader: Reader, shape: NumberShape, wrong: FirstTypeError): number | undefined {
  const text = reader.string();
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  wrong.first ??= typeError(shape, 'string');
  return undefined;
}

/** Clamps to the kind's range, as AWS does. The largest long is rounded up to the next double, 2^63. */
function narrow(value: number, kind: 'integer' | 'long'): number {
  return kind === 'integer' ? whole(value, -(2 ** 31), 2 ** 31 - 1) : whole(value, -(2 ** 63), 2 ** 63);
}

/** The integer part of a number, within limits; 0 for −0 and NaN. */
function whole(value: number, min: number, max: number): number {
  return Math.min(Math.max(Math.trunc(value) || 0, min), max);
}

function booleanOf(text: string): boolean {
  const upper = text.toUpperCase();
  if (upper === 'TRUE' || upper === '1' || upper === 'YES') return true;
  if (upper === 'FALSE' || upper === '0' || upper === 'NO') return false;
  throw new ServiceError('SerializationException', `'${shown(upper)}' can not be converted to an Boolean`);
}

// AWS converts numbers with a fraction, and refuses the others.
function booleanOfNumber(value: number): boolean {
  if (Number.isInteger(value)) throw typeError({ kind: 'boolean' }, 'number');
  return true;
}
