import { rangeOf } from './ip-range.ts';
import { inAnyPartition, inOnePartition, isWithoutPartition } from './one-partition.ts';
import { isAnyText, matches, type Wildcard, wildcardOf } from './wildcard.ts';

/**
 * What a condition operator asks of one value of a request and one of the policy (IAM user guide, "IAM JSON
 * policy elements: Condition operators").
 */
export type Operator = {
  /** Whether it holds where none of the policy's values fits, as StringNotEquals. */
  readonly isNegated: boolean;
  /** Whether the policy's values may have variables, and wildcards outside of them. */
  readonly takes: 'text' | 'pattern' | 'literal';
  /**
   * The test of a request's value; undefined when the policy's value is not of the operator's type. `pattern`
   * is the value with its wildcards.
   */
  testFor(value: string, pattern: Wildcard): Test | undefined;
};

export type Test = (value: string) => boolean;

/** The operator of a name, in lower case; undefined when there is none. `Null` is not among them. */
export function operatorNamed(name: string): Operator | undefined {
  return operators.get(name);
}

const stringEquals: Operator['testFor'] = (wanted) => {
  const arn = inOnePartition(wanted);
  return (value) => inOnePartition(value) === arn;
};
const stringLike: Operator['testFor'] = (_, pattern) => (value) => {
  const arn = inOnePartition(value);
  return matches(isWithoutPartition(arn) ? inAnyPartition(pattern) : pattern, arn);
};
const ignoringCase: Operator['testFor'] = (wanted) => {
  const lower = inOnePartition(wanted.toLowerCase());
  return (value) => inOnePartition(value.toLowerCase()) === lower;
};

/** Each of an ARN's six parts is compared on its own, so that a star does not reach over a colon. */
const arnLike: Operator['testFor'] = (_, pattern) => {
  if (isAnyText(pattern)) return () => true;
  const parts = partsOf(pattern);
  const inAny = partsOf(inAnyPartition(pattern));
  if (parts === undefined || inAny === undefined) return undefined;
  return (value) => {
    const arn = inOnePartition(value);
    const texts = arnPartsOf(arn);
    const wanted = isWithoutPartition(arn) ? inAny : parts;
    return texts !== undefined && wanted.every((part, index) => matches(part, texts[index]!));
  };
};

function partsOf(pattern: Wildcard): Wildcard[] | undefined {
  const parts: number[][] = [[]];
  for (const unit of pattern) {
    if (unit === colon && parts.length < arnParts) parts.push([]);
    else parts.at(-1)!.push(unit);
  }
  return parts.length === arnParts ? parts : undefined;
}

function arnPartsOf(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < arnParts) return undefined;
  return [...parts.slice(0, arnParts - 1), parts.slice(arnParts - 1).join(':')];
}

const arnParts = 6;
const colon = 0x3a;

const bool: Operator['testFor'] = (wanted) => {
  const lower = wanted.toLowerCase();
  return lower === 'true' || lower === 'false' ? (value) => value.toLowerCase() === lower : undefined;
};

const ipAddress: Operator['testFor'] = (wanted) => {
  const range = rangeOf(wanted);
  return range && ((value) => range.holds(value));
};

type Comparison = (value: number, wanted: number) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  equals: (value, wanted) => value === wanted,
  lessthan: (value, wanted) => value < wanted,
  lessthanequals: (value, wanted) => value <= wanted,
  greaterthan: (value, wanted) => value > wanted,
  greaterthanequals: (value, wanted) => value >= wanted,
};

/** What is no number compares to none. */
function comparing(read: (text: string) => number | undefined, compare: Comparison): Operator['testFor'] {
  return (wanted) => {
    const limit = read(wanted);
    if (limit === undefined) return undefined;
    return (text) => {
      const value = read(text);
      return value !== undefined && compare(value, limit);
    };
  };
}

function numberIn(text: string): number | undefined {
  return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or seconds since 1970 (IAM user guide, "Date condition operators"), in milliseconds. */
function dateIn(text: string): number | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text) && !yearForm.test(text)) return Number(text) * 1000;
  const form = dateForm.exec(text);
  if (form === null) return undefined;
  const hasTime = form[1] !== undefined;
  const time = Date.parse(hasTime && form[2] === undefined ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

const yearForm = /^\d{4}$/;
/** The time of day is the first group, its zone the second: a time without one is UTC's. */
const dateForm = /^\d{4}(?:-\d\d(?:-\d\d(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

const operators: ReadonlyMap<string, Operator> = new Map([
  ...withNegation('stringequals', 'stringnotequals', 'text', stringEquals),
  ...withNegation('stringequalsignorecase', 'stringnotequalsignorecase', 'text', ignoringCase),
  ...withNegation('stringlike', 'stringnotlike', 'pattern', stringLike),
  ...withNegation('arnequals', 'arnnotequals', 'pattern', arnLike),
  ...withNegation('arnlike', 'arnnotlike', 'pattern', arnLike),
  ...withNegation('ipaddress', 'notipaddress', 'literal', ipAddress),
  ...withNegation(
    'numericequals',
    'numericnotequals',
    'literal',
    comparing(numberIn, comparisons['equals']!),
  ),
  ...withNegation('dateequals', 'datenotequals', 'literal', comparing(dateIn, comparisons['equals']!)),
  ...['lessthan', 'lessthanequals', 'greaterthan', 'greaterthanequals'].flatMap((name) => [
    named(`numeric${name}`, 'literal', comparing(numberIn, comparisons[name]!)),
    named(`date${name}`, 'literal', comparing(dateIn, comparisons[name]!)),
  ]),
  named('bool', 'literal', bool),
  named('binaryequals', 'literal', stringEquals),
]);

function named(
  name: string,
  takes: Operator['takes'],
  testFor: Operator['testFor'],
  isNegated = false,
): [string, Operator] {
  return [name, { isNegated, takes, testFor }];
}

function withNegation(
  name: string,
  negation: string,
  takes: Operator['takes'],
  testFor: Operator['testFor'],
): [string, Operator][] {
  return [named(name, takes, testFor), named(negation, takes, testFor, true)];
}

/** The pattern of a value that takes no wildcards; nobody matches it. */
export const noPattern: Wildcard = wildcardOf('');
