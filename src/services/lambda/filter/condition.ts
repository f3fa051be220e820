import { rangeOf } from '../../../access/policy/ip-range.ts';
import { isObject, isScalar, type Scalar } from './json-value.ts';
import { numericTest } from './numeric.ts';
import { FilterError } from './record-filter.ts';
import { ValueSet } from './value-set.ts';
import { wildcardTest } from './wildcard.ts';

export type Condition =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'absent' };

export type Test = (value: Scalar) => boolean;

/** One condition of a list: a value, or an operator with what it is given. Throws `FilterError`. */
export function conditionOf(tree: unknown): Condition {
  if (isScalar(tree)) return { kind: 'equals', value: tree };
  if (!isObject(tree)) throw new FilterError('A match value must be a string, number, true, false, or null.');
  const { name, operand } = operatorIn(tree);
  if (name === 'exists') return exists(operand);
  const test = Object.hasOwn(operators, name) ? operators[name]!(operand) : undefined;
  if (test === undefined) throw new FilterError(`Unrecognized match type ${name}.`);
  return { kind: 'test', test };
}

function operatorIn(tree: object): { readonly name: string; readonly operand: unknown } {
  const entries = Object.entries(tree);
  if (entries.length !== 1) throw new FilterError('There must be one key in a match expression.');
  const [name, operand] = entries[0]!;
  return { name, operand };
}

/** Operators that a field must be there for (EventBridge user guide, "Comparison operators"). */
const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  prefix: (operand) => onTexts(casedOr(operand, 'prefix', beginsWith)),
  suffix: (operand) => onTexts(casedOr(operand, 'suffix', endsWith)),
  'equals-ignore-case': (operand) => onTexts(anyCase(textIn(operand, 'equals-ignore-case'), equals)),
  wildcard: (operand) => onTexts(wildcardTest(textIn(operand, 'wildcard'))),
  numeric: numericTest,
  cidr: (operand) => onTexts(inRange(textIn(operand, 'cidr'))),
  'anything-but': anythingBut,
};

function exists(operand: unknown): Condition {
  if (operand === true) return { kind: 'test', test: () => true };
  if (operand === false) return { kind: 'absent' };
  throw new FilterError('The value of exists must be either true or false.');
}

type TextTest = (text: string) => boolean;

/** Of other values than texts it never holds. */
function onTexts(holds: TextTest): Test {
  return (value) => typeof value === 'string' && holds(value);
}

const beginsWith =
  (part: string): TextTest =>
  (text) =>
    text.startsWith(part);
const endsWith =
  (part: string): TextTest =>
  (text) =>
    text.endsWith(part);
const equals =
  (whole: string): TextTest =>
  (text) =>
    text === whole;

/** The same of texts whose case does not count. */
function anyCase(part: string, testOf: (part: string) => TextTest): TextTest {
  const holds = testOf(part.toLowerCase());
  return (text) => holds(text.toLowerCase());
}

/** `{ "prefix": "a" }`, or `{ "prefix": { "equals-ignore-case": "a" } }`. */
function casedOr(operand: unknown, name: string, testOf: (part: string) => TextTest): TextTest {
  if (!isObject(operand)) return testOf(textIn(operand, name));
  const inner = operatorIn(operand);
  if (inner.name === 'equals-ignore-case') return anyCase(textIn(inner.operand, name), testOf);
  throw new FilterError(`Unsupported ${name} pattern: ${inner.name}.`);
}

function inRange(text: string): TextTest {
  const range = text.includes('/') ? rangeOf(text) : undefined;
  if (range === undefined) throw new FilterError(`Malformed CIDR: ${text}.`);
  return (address) => range.holds(address);
}

/** Holds for all that is there but what is named: texts, or numbers, or what an operator says of texts. */
function anythingBut(operand: unknown): Test {
  const isNamed = isObject(operand) ? namedByOperator(operand) : namedValues(operand);
  return (value) => !isNamed(value);
}

function namedValues(operand: unknown): Test {
  const values = listOf(operand);
  if (values.length > 0 && (isTexts(values) || isNumbers(values))) {
    const named = new ValueSet(values);
    return (value) => named.has(value);
  }
  throw new FilterError('The value of anything-but must be strings or numbers, and not both.');
}

function namedByOperator(operand: object): Test {
  const { name, operand: given } = operatorIn(operand);
  const testOf = Object.hasOwn(negatable, name) ? negatable[name] : undefined;
  if (testOf === undefined) throw new FilterError(`Unsupported anything-but pattern: ${name}.`);
  const parts = listOf(given);
  if (parts.length === 0 || !isTexts(parts) || parts.includes('')) {
    throw new FilterError(`The value of anything-but and ${name} must be strings that are not empty.`);
  }
  const tests = parts.map(testOf);
  return onTexts((text) => tests.some((holds) => holds(text)));
}

const negatable: Readonly<Record<string, (part: string) => TextTest>> = {
  prefix: beginsWith,
  suffix: endsWith,
  'equals-ignore-case': (part) => anyCase(part, equals),
  wildcard: wildcardTest,
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string');
}

function isNumbers(values: readonly unknown[]): values is readonly (number | bigint)[] {
  return values.every((value) => typeof value === 'number' || typeof value === 'bigint');
}

function textIn(operand: unknown, name: string): string {
  if (typeof operand === 'string') return operand;
  throw new FilterError(`The value of ${name} must be a string.`);
}
