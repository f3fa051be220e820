import type { Projection } from '../expressions/projection.ts';
import { checkedName } from '../values/checked-value.ts';
import { invalidParameter } from '../values/validation-error.ts';

/**
 * Names are not paths: a dot is one of their characters. Throws a ValidationException where a name comes
 * twice.
 */
export function projectionOfNames(names: readonly string[]): Projection {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return { paths: names.map((name) => [checkedName(name)]) };
}
