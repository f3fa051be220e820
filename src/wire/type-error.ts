import type { Reader, Token } from './reader.ts';
import { ServiceError } from './service-error.ts';
import type { Shape, UnionShape } from './shape.ts';

/** What a service says of values of the wrong type, where its parser is another one. */
export interface TypeErrors {
  /** Reads the value, and answers the error about it. `isEntry` is of a list or a map, not of a structure. */
  of(shape: Shape, given: Given, reader: Reader, isEntry: boolean): ServiceError;
  /** The error about a value of the right type whose text is invalid; `error` is the usual one. */
  ofText(error: ServiceError, given: Token): ServiceError;
}

/** The error for a value of the wrong type, in the words of AWS's deserialiser, "an Boolean" included. */
export function typeError(shape: Pick<Shape, 'kind'>, given: Given): ServiceError {
  return new ServiceError('SerializationException', text(shape.kind, given));
}

/**
 * The error for a union without exactly one member, a SerializationException at AWS (Smithy's protocol tests,
 * "malformed-union"). The text is ours.
 */
export function notOne({ name }: UnionShape, count: number): ServiceError {
  return new ServiceError('SerializationException', `Expected one member of the union ${name}, not ${count}`);
}

/** A text as errors show it. Long ones are cut as in other texts about values. */
export function shown(value: string): string {
  return value.length <= shownMax ? value : `${value.slice(0, shownMax)}…`;
}

const shownMax = 64 * 1024;

function text(expected: Shape['kind'], given: Given): string {
  if (given === 'list') return 'Start of list found where not expected';
  if (given === 'map') return 'Start of structure or map found where not expected.';
  if (expected === 'list') return 'Expected list or null';
  if (expected === 'map') return 'Expected map or null';
  if (expected === 'structure' || expected === 'union' || expected === 'lazy') return 'Expected null';
  return `class ${classes[given]} can not be converted to ${targets[expected]}`;
}

/** Null is never of the wrong type: it counts as no value. */
export type Given = Exclude<Token, 'null'>;

/** What AWS's parser makes of each token. */
const classes: Record<Exclude<Given, 'list' | 'map'>, string> = {
  string: 'java.lang.String',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
  boolean: 'java.lang.Boolean',
  bytes: 'java.nio.HeapByteBuffer',
};

const targets: Record<Exclude<Shape['kind'], 'list' | 'map' | 'structure' | 'union' | 'lazy'>, string> = {
  string: 'an String',
  integer: 'an Integer',
  long: 'an Long',
  float: 'an Float',
  double: 'an Double',
  boolean: 'an Boolean',
  blob: 'a Blob',
  timestamp: 'milliseconds since epoch',
};
