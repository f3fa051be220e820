import { JqError } from './jq-error.ts';
import { added, binary, each, indexed, shown, split } from './jq-operators.ts';
import {
  compare,
  isArray,
  isObject,
  isTrue,
  type JqObject,
  type JqValue,
  jsonOf,
  sortedKeys,
  textOf,
  typeOf,
  valueAt,
} from './jq-value.ts';

/** Functions of their input alone. */
export const valueFunctions: Readonly<Record<string, (input: JqValue) => JqValue>> = {
  not: (input) => !isTrue(input),
  length,
  utf8bytelength: (input) => Buffer.byteLength(needText(input, 'has no UTF-8 byte length')),
  type: typeOf,
  keys: (input) => keysOf(input, sortedKeys),
  keys_unsorted: (input) => keysOf(input, Object.keys),
  add: (input) => addedAll(each(input)),
  flatten: (input) => flattened(input, -1),
  reverse: (input) => (input === null ? [] : needArray(input, 'cannot be reversed').toReversed()),
  first: (input) => indexed(input, 0),
  last: (input) => indexed(input, -1),
  floor: (input) => Math.floor(needNumber(input)),
  ceil: (input) => Math.ceil(needNumber(input)),
  round: (input) => rounded(needNumber(input)),
  fabs: (input) => Math.abs(needNumber(input)),
  sqrt: (input) => Math.sqrt(needNumber(input)),
  tostring: textOf,
  tonumber: toNumber,
  tojson: jsonOf,
  fromjson: fromJson,
  ascii_downcase: (input) => cased(input, /[A-Z]/g, (letters) => letters.toLowerCase()),
  ascii_upcase: (input) => cased(input, /[a-z]/g, (letters) => letters.toUpperCase()),
  explode: (input) => [...needText(input, 'cannot be exploded')].map((char) => char.codePointAt(0)!),
  implode,
  to_entries: (input) =>
    isArray(input)
      ? input.map((value, key) => ({ key, value }))
      : Object.entries(needObject(input)).map(([key, value]) => ({ key, value })),
  from_entries: (input) => Object.fromEntries(each(input).map(entryOf)),
};

/** Functions of their input and of one value. */
export const valueFunctionsOfOne: Readonly<Record<string, (input: JqValue, argument: JqValue) => JqValue>> = {
  has,
  in: (input, argument) => has(argument, input),
  contains,
  inside: (input, argument) => contains(argument, input),
  startswith: (input, argument) =>
    needBoth(input, argument, 'startswith() requires string inputs').startsWith(argument as string),
  endswith: (input, argument) =>
    needBoth(input, argument, 'endswith() requires string inputs').endsWith(argument as string),
  ltrimstr: (input, argument) =>
    typeof input === 'string' && typeof argument === 'string' && input.startsWith(argument)
      ? input.slice(argument.length)
      : input,
  rtrimstr: (input, argument) =>
    typeof input === 'string' && typeof argument === 'string' && argument !== '' && input.endsWith(argument)
      ? input.slice(0, -argument.length)
      : input,
  split: (input, argument) =>
    split(needBoth(input, argument, 'split input and separator must be strings'), argument as string),
  join: (input, argument) => joined(each(input), argument),
  flatten(input, depth) {
    if (compare(depth, 0) < 0) throw new JqError('flatten depth must not be negative');
    return flattened(input, depth);
  },
};

/** Arrays and objects at once: one after the other each would be copied with all before it. */
function addedAll(values: readonly JqValue[]): JqValue {
  if (values.length > 0 && values.every(isArray)) return values.flat();
  if (values.length > 0 && values.every(isObject)) return Object.fromEntries(values.flatMap(Object.entries));
  return values.reduce(added, null);
}

function length(input: JqValue): JqValue {
  if (input === null) return 0;
  if (typeof input === 'number') return Math.abs(input);
  if (typeof input === 'string') return [...input].length;
  if (typeof input === 'boolean') throw new JqError(`${shown(input)} has no length`);
  return isArray(input) ? input.length : Object.keys(input).length;
}

function keysOf(input: JqValue, of: (input: JqObject) => readonly string[]): JqValue {
  if (isArray(input)) return input.map((_, index) => index);
  if (isObject(input)) return of(input);
  throw new JqError(`${shown(input)} has no keys`);
}

/** As deep as `depth` says, which is counted down; from below zero on there is no end to it. */
function flattened(input: JqValue, depth: JqValue): readonly JqValue[] {
  return each(input).flatMap((value) =>
    isArray(value) && compare(depth, 0) !== 0 ? flattened(value, binary('-')(depth, 1)) : [value],
  );
}

/** Halves away from zero, as C has it. */
function rounded(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}

function toNumber(input: JqValue): JqValue {
  if (typeof input === 'number') return input;
  if (typeof input === 'string' && numeric.test(input)) return Number(input);
  throw new JqError(`${shown(input)} cannot be parsed as a number`);
}

const numeric = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function fromJson(input: JqValue): JqValue {
  const text = needText(input, 'only strings can be parsed');
  try {
    return JSON.parse(text) as JqValue;
  } catch (error) {
    if (error instanceof SyntaxError) throw new JqError(`${text} (while parsing '${text}')`);
    throw error;
  }
}

function cased(input: JqValue, letters: RegExp, change: (letters: string) => string): JqValue {
  return needText(input, 'cannot change its case').replace(letters, change);
}

function implode(input: JqValue): JqValue {
  const codePoints = needArray(input, 'cannot be imploded').map((value) => {
    const isCodePoint = typeof value === 'number' && value >= 0 && value <= 0x10_ffff;
    if (!isCodePoint) throw new JqError('Unicode codepoint must be numeric');
    return Math.trunc(value);
  });
  return codePoints.map((codePoint) => String.fromCodePoint(codePoint)).join('');
}

/** Of one of `to_entries`, or of what is written like it. */
function entryOf(entry: JqValue): readonly [string, JqValue] {
  const object = needObject(entry);
  const names = ['key', 'k', 'name', 'Name', 'Key', 'K'];
  const key = names.map((name) => valueAt(object, name) ?? null).find(isTrue) ?? null;
  const value = ['value', 'v', 'Value', 'V']
    .map((name) => valueAt(object, name))
    .find((held) => held !== undefined);
  return [textOf(key), value ?? null];
}

function has(input: JqValue, key: JqValue): JqValue {
  if (input === null) return false;
  if (isObject(input) && typeof key === 'string') return Object.hasOwn(input, key);
  if (isArray(input) && typeof key === 'number') return key >= 0 && key < input.length;
  throw new JqError(`Cannot check whether ${typeOf(input)} has a ${typeOf(key)} key`);
}

function contains(input: JqValue, held: JqValue): boolean {
  if (isObject(input) && isObject(held)) {
    return Object.entries(held).every(([key, value]) => {
      const own = valueAt(input, key);
      return own !== undefined && containsOrIs(own, value);
    });
  }
  if (isArray(input) && isArray(held)) {
    return held.every((value) => input.some((own) => containsOrIs(own, value)));
  }
  if (typeof input === 'string' && typeof held === 'string') return input.includes(held);
  if (typeOf(input) === typeOf(held)) return compare(input, held) === 0;
  throw new JqError(`${shown(input)} and ${shown(held)} cannot have their containment checked`);
}

/** Values of other types, inside of others, are just not the same. */
function containsOrIs(input: JqValue, held: JqValue): boolean {
  return typeOf(input) === typeOf(held) && contains(input, held);
}

/** Nulls are empty, numbers and booleans as JSON writes them; others cannot be added to a text. */
function joined(values: readonly JqValue[], separator: JqValue): JqValue {
  const text = values.reduce<JqValue>((before, value) => {
    const added_ = typeof value === 'number' || typeof value === 'boolean' ? jsonOf(value) : (value ?? '');
    return added(before === null ? '' : added(before, separator), added_);
  }, null);
  return text ?? '';
}

function needText(input: JqValue, otherwise: string): string {
  if (typeof input === 'string') return input;
  throw new JqError(`${shown(input)} ${otherwise}`);
}

function needBoth(input: JqValue, argument: JqValue, otherwise: string): string {
  if (typeof input === 'string' && typeof argument === 'string') return input;
  throw new JqError(otherwise);
}

function needNumber(input: JqValue): number {
  if (typeof input === 'number') return input;
  throw new JqError(`${shown(input)} number required`);
}

function needArray(input: JqValue, otherwise: string): readonly JqValue[] {
  if (isArray(input)) return input;
  throw new JqError(`${shown(input)} ${otherwise}`);
}

function needObject(input: JqValue): JqObject {
  if (isObject(input)) return input;
  throw new JqError(`${shown(input)} has no keys`);
}
