import { JqError } from './jq-error.ts';
import { shown } from './jq-operators.ts';
import { compare, isArray, type JqValue } from './jq-value.ts';

export type Keyed = { readonly key: JqValue; readonly value: JqValue };

/** The elements of an array in the order of their keys; those of the same key in the order that they have. */
export function withKeys(input: JqValue, keyOf: (value: JqValue) => JqValue): readonly Keyed[] {
  if (!isArray(input)) throw new JqError(`${shown(input)} cannot be sorted, as it is not an array`);
  return input
    .map((value) => ({ key: keyOf(value), value }))
    .sort((left, right) => compare(left.key, right.key));
}

export const sorted = {
  /** Elements of the same key, together. */
  groups(elements: readonly Keyed[]): readonly (readonly JqValue[])[] {
    const groups: JqValue[][] = [];
    let before: Keyed | undefined;
    for (const element of elements) {
      if (before !== undefined && compare(before.key, element.key) === 0) groups.at(-1)!.push(element.value);
      else groups.push([element.value]);
      before = element;
    }
    return groups;
  },
};

function byThemselves(input: JqValue): readonly Keyed[] {
  return withKeys(input, (value) => value);
}

export const sortedFunctions: Readonly<Record<string, (input: JqValue) => JqValue>> = {
  sort: (input) => byThemselves(input).map(({ value }) => value),
  unique: (input) => sorted.groups(byThemselves(input)).map((group) => group[0]!),
  min: (input) => byThemselves(input)[0]?.value ?? null,
  max: (input) => byThemselves(input).at(-1)?.value ?? null,
};
