import type { Scalar } from './json-value.ts';

/** Values as EventBridge tells them apart: see `comparable`. */
export class ValueSet {
  readonly #values: ReadonlySet<Scalar>;

  constructor(values: readonly Scalar[]) {
    this.#values = new Set(values.map(comparable));
  }

  has(value: Scalar): boolean {
    return this.#values.has(comparable(value));
  }
}

/** The largest number that is compared by value, either way (EventBridge user guide, "Numeric matching"). */
const comparedMax = 5e9;

/** A number that is compared by value counts to six digits after its point; all else as it is. */
function comparable(value: Scalar): Scalar {
  return typeof value === 'number' && isCompared(value) ? sixDigits(value) : value;
}

/** Whether a number is so small that it is compared by value. */
export function isCompared(number: number): boolean {
  return Math.abs(number) <= comparedMax;
}

/** Rounded to six digits after its point. */
export function sixDigits(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}
