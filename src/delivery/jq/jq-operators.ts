import { JqError } from './jq-error.ts';
import type { BinaryOperator } from './jq-syntax.ts';
import {
  compare,
  isArray,
  isObject,
  type JqObject,
  type JqValue,
  jsonOf,
  typeOf,
  valueAt,
} from './jq-value.ts';

export function binary(operator: BinaryOperator): (left: JqValue, right: JqValue) => JqValue {
  switch (operator) {
    case '+':
      return added;
    case '-':
      return subtracted;
    case '*':
      return multiplied;
    case '/':
      return divided;
    case '%':
      return remainder;
    case '==':
      return (left, right) => compare(left, right) === 0;
    case '!=':
      return (left, right) => compare(left, right) !== 0;
    case '<':
      return (left, right) => compare(left, right) < 0;
    case '<=':
      return (left, right) => compare(left, right) <= 0;
    case '>':
      return (left, right) => compare(left, right) > 0;
    case '>=':
      return (left, right) => compare(left, right) >= 0;
  }
}

export function added(left: JqValue, right: JqValue): JqValue {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'string' && typeof right === 'string')
    return ofLength(left.length + right.length, textMax, () => left + right);
  if (isArray(left) && isArray(right))
    return ofLength(left.length + right.length, elementsMax, () => [...left, ...right]);
  if (isObject(left) && isObject(right)) return { ...left, ...right };
  throw cannot(left, right, 'added');
}

/** A query could double a text with each step. */
function ofLength<T>(length: number, max: number, make: () => T): T {
  if (length > max) throw new JqError(`the query makes a value longer than ${max}`);
  return make();
}

/** More characters than a record of 10 MiB has, and more elements than it is likely to have. */
const textMax = 16 * 1024 * 1024;
const elementsMax = 1024 * 1024;

function subtracted(left: JqValue, right: JqValue): JqValue {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (isArray(left) && isArray(right)) {
    return left.filter((element) => !right.some((removed) => compare(element, removed) === 0));
  }
  throw cannot(left, right, 'subtracted');
}

function multiplied(left: JqValue, right: JqValue): JqValue {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (isObject(left) && isObject(right)) return merged(left, right);
  throw cannot(left, right, 'multiplied');
}

function merged(left: JqObject, right: JqObject): JqObject {
  const entries = Object.entries(right).map(([key, value]): [string, JqValue] => {
    const under = valueAt(left, key);
    return [key, under !== undefined && isObject(under) && isObject(value) ? merged(under, value) : value];
  });
  return { ...left, ...Object.fromEntries(entries) };
}

function divided(left: JqValue, right: JqValue): JqValue {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) throw cannot(left, right, 'divided because the divisor is zero');
    return left / right;
  }
  if (typeof left === 'string' && typeof right === 'string') return split(left, right);
  throw cannot(left, right, 'divided');
}

/** By code points where the separator is empty. */
export function split(text: string, separator: string): readonly string[] {
  if (text === '') return [];
  return separator === '' ? [...text] : text.split(separator);
}

/** Of whole numbers, with the sign of the left one. */
function remainder(left: JqValue, right: JqValue): JqValue {
  if (typeof left !== 'number' || typeof right !== 'number') throw cannot(left, right, 'divided');
  const divisor = Math.trunc(right);
  if (divisor === 0) throw cannot(left, right, 'divided because the divisor is zero');
  return (Math.trunc(left) % divisor) + 0;
}

/** `value[at]`: null where there is nothing. */
export function indexed(value: JqValue, at: JqValue): JqValue {
  if (isObject(value) && typeof at === 'string') return valueAt(value, at) ?? null;
  if (isArray(value) && typeof at === 'number') {
    const index = Math.floor(at);
    return value[index < 0 ? value.length + index : index] ?? null;
  }
  if (value === null && (at === null || typeof at === 'string' || typeof at === 'number')) return null;
  const key = typeof at === 'string' ? ` "${at}"` : ` ${typeOf(at)}`;
  throw new JqError(`Cannot index ${typeOf(value)} with${key}`);
}

/** Of an array's elements or a text's code points, from one up to before another. */
export function sliced(value: JqValue, from: JqValue, to: JqValue): JqValue {
  if (value === null) return null;
  if (!isBound(from) || !isBound(to)) throw new JqError('Start and end indices of a slice must be numbers');
  const elements = typeof value === 'string' ? [...value] : value;
  if (!isArray(elements)) throw new JqError(`Cannot index ${typeOf(value)} with object`);
  const start = bounded(Math.floor(from ?? 0), elements.length);
  const end = bounded(Math.ceil(to ?? elements.length), elements.length);
  const within = elements.slice(start, Math.max(start, end));
  return typeof value === 'string' ? within.join('') : within;
}

function isBound(value: JqValue): value is number | null {
  return value === null || typeof value === 'number';
}

function bounded(at: number, length: number): number {
  return Math.min(Math.max(at < 0 ? at + length : at, 0), length);
}

/** `value[]` */
export function each(value: JqValue): readonly JqValue[] {
  if (isArray(value)) return value;
  if (isObject(value)) return Object.values(value);
  throw new JqError(`Cannot iterate over ${shown(value)}`);
}

function cannot(left: JqValue, right: JqValue, what: string): JqError {
  return new JqError(`${shown(left)} and ${shown(right)} cannot be ${what}`);
}

/** As errors of jq show a value: its type, and the beginning of it. */
export function shown(value: JqValue): string {
  const json = jsonOf(value);
  return `${typeOf(value)} (${json.length > 11 ? `${json.slice(0, 10)}...` : json})`;
}
