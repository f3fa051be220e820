import { conditionOf } from './condition.ts';
import type { Scalar } from './json-value.ts';
import { FilterError } from './record-filter.ts';
import { ValueSet } from './value-set.ts';

/** What a field may be: one of the conditions in a pattern's list. */
export type Leaf = {
  readonly matches: (value: Scalar) => boolean;
  /** Whether the field may be missing, too. */
  readonly mayBeAbsent: boolean;
};

/** Throws `FilterError`. */
export function leafOf(list: readonly unknown[]): Leaf {
  if (list.length === 0) throw new FilterError('Empty arrays are not allowed.');
  const conditions = list.map(conditionOf);
  const equal = new ValueSet(conditions.flatMap((one) => (one.kind === 'equals' ? [one.value] : [])));
  const tests = conditions.flatMap((one) => (one.kind === 'test' ? [one.test] : []));
  return {
    matches: (value) => equal.has(value) || tests.some((test) => test(value)),
    mayBeAbsent: conditions.some(({ kind }) => kind === 'absent'),
  };
}
