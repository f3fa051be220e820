/** A value of JSON. Never changed in place. */
export type JqValue = null | boolean | number | string | readonly JqValue[] | JqObject;
export type JqObject = { readonly [key: string]: JqValue };

export type JqType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: JqValue): JqType {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object';
}

export function isArray(value: JqValue): value is readonly JqValue[] {
  return Array.isArray(value);
}

export function isObject(value: JqValue): value is JqObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTrue(value: JqValue): boolean {
  return value !== null && value !== false;
}

/** A text as it is, everything else as JSON. */
export function textOf(value: JqValue): string {
  return typeof value === 'string' ? value : jsonOf(value);
}

/** As jq writes it: without white space, the keys in their order. */
export function jsonOf(value: JqValue): string {
  if (isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, held]) => `${JSON.stringify(key)}:${jsonOf(held)}`)
      .join(',')}}`;
  }
  if (typeof value === 'number') return numberText(value);
  return JSON.stringify(value);
}

/** Numbers that are none become null, those without end the largest there are. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) return value > 0 ? largest : `-${largest}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

const largest = String(Number.MAX_VALUE);

/**
 * The order of jq: null, false, true, numbers, texts by their code points, arrays as words, objects by their
 * sorted keys and then by their values.
 */
export function compare(left: JqValue, right: JqValue): number {
  // Not so of what is no number, which is not like itself.
  if (left === right) return 0;
  const byType = rankOf(left) - rankOf(right);
  if (byType !== 0) return byType;
  if (typeof left === 'number' && typeof right === 'number')
    return left < right ? -1 : left === right ? 0 : 1;
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (isArray(left) && isArray(right)) return compareArrays(left, right);
  if (isObject(left) && isObject(right)) return compareObjects(left, right);
  return 0;
}

function rankOf(value: JqValue): number {
  if (value === true) return 1.5;
  return ['null', 'boolean', 'number', 'string', 'array', 'object'].indexOf(typeOf(value));
}

function compareTexts(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function compareArrays(left: readonly JqValue[], right: readonly JqValue[]): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const compared = compare(left[at]!, right[at]!);
    if (compared !== 0) return compared;
  }
  return left.length - right.length;
}

function compareObjects(left: JqObject, right: JqObject): number {
  const [leftKeys, rightKeys] = [sortedKeys(left), sortedKeys(right)];
  const byKeys = compareArrays(leftKeys, rightKeys);
  if (byKeys !== 0) return byKeys;
  return compareArrays(
    leftKeys.map((key) => left[key]!),
    leftKeys.map((key) => right[key]!),
  );
}

export function sortedKeys(value: JqObject): readonly string[] {
  return Object.keys(value).sort(compareTexts);
}

/** An object that keeps any key as its own, `__proto__` too. */
export function objectOf(entries: Iterable<readonly [string, JqValue]>): JqObject {
  return Object.fromEntries(entries);
}

/** Undefined where an object has no such key of its own. */
export function valueAt(value: JqObject, key: string): JqValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
