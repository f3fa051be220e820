import type { Scalar } from './json-value.ts';
import { FilterError } from './record-filter.ts';
import { isCompared, sixDigits } from './value-set.ts';

/**
 * What `numeric` asks: `["=", 5]`, one bound (`["<", 5]`), or two, the lower one first (`[">", 0, "<=", 5]`).
 * Numbers are compared to six digits after their point; those beyond 5e9 either way never
 * fulfil it. Throws `FilterError`.
 */
export function numericTest(operand: unknown): (value: Scalar) => boolean {
  const bounds = boundsIn(operand);
  return (value) => {
    if (typeof value !== 'number' || !isCompared(value)) return false;
    const compared = sixDigits(value);
    return bounds.every(({ sign, number }) => comparisons[sign](compared, number));
  };
}

type Sign = '=' | '<' | '<=' | '>' | '>=';
type Bound = { readonly sign: Sign; readonly number: number };

const comparisons: Readonly<Record<Sign, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function boundsIn(operand: unknown): readonly Bound[] {
  if (!Array.isArray(operand)) throw new FilterError('The value of numeric must be an array.');
  const bounds: Bound[] = [];
  for (let at = 0; at < operand.length; at += 2) bounds.push(boundOf(operand[at], operand[at + 1]));
  const [first, second] = bounds;
  if (first === undefined || bounds.length > 2) throw new FilterError('Numeric takes one bound, or two.');
  if (second === undefined) return bounds;
  if (!first.sign.startsWith('>') || !second.sign.startsWith('<')) {
    throw new FilterError('A numeric range has its lower bound first, and then the upper one.');
  }
  if (first.number >= second.number) throw new FilterError('The bottom of a range must be below its top.');
  return bounds;
}

function boundOf(sign: unknown, number: unknown): Bound {
  if (typeof sign !== 'string' || !isSign(sign)) {
    throw new FilterError(`Unrecognized numeric range operator: ${String(sign)}.`);
  }
  if (typeof number !== 'number' || !isCompared(number)) {
    throw new FilterError(`The value of ${sign} must be a number from -5e9 to 5e9.`);
  }
  return { sign, number: sixDigits(number) };
}

function isSign(text: string): text is Sign {
  return Object.hasOwn(comparisons, text);
}
