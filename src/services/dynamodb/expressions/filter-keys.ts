import { validationError } from '../values/validation-error.ts';
import type { Condition } from './condition.ts';
import { pathsIn } from './condition-paths.ts';
import { nestedKey } from './key-condition.ts';

/**
 * A Query's filter is about other attributes than those of its key. Throws a ValidationException, which names
 * the form that the filter came in.
 */
export function requireNoKeyAttributes(
  filter: Condition,
  keyNames: readonly string[],
  form: 'Filter Expression' | 'QueryFilter',
): void {
  for (const path of pathsIn(filter)) {
    const [name] = path;
    if (!keyNames.includes(name)) continue;
    if (path.length > 1) throw nestedKey(name);
    throw validationError(
      `${form} can only contain non-primary key attributes: Primary key attribute: ${name}`,
    );
  }
}
