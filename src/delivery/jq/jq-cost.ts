import { isArray, type JqValue } from './jq-value.ts';

/**
 * What work on values costs besides the step that it is, in steps: so that a query over a large record ends
 * soon, whatever it is made of. What one of the usual size takes is next to nothing.
 */
export function costOf(...values: readonly JqValue[]): number {
  return values.reduce<number>((sum, value) => sum + sizeOf(value) / sizePerStep, 0);
}

/** The same of what looks at each element of one value for each of the other. */
export function costOfPairs(left: JqValue, right: JqValue): number {
  if (typeof left === 'string' || typeof right === 'string') return costOf(left, right);
  return (sizeOf(left) * sizeOf(right)) / sizePerStep;
}

function sizeOf(value: JqValue): number {
  if (typeof value === 'string') return value.length / charactersPerElement;
  return isArray(value) ? value.length : 0;
}

const sizePerStep = 100;
const charactersPerElement = 2;
