import { validationError } from '../values/validation-error.ts';
import type { Condition, Operand } from './condition.ts';
import { nestedKey } from './key-condition.ts';
import type { Path } from './path.ts';

/**
 * A Query's filter is about other attributes than those of its key. Throws a ValidationException, which names
 * the form that the filter came in.
 */
export function requireNoKeyAttributes(
  filter: Condition,
  keyNames: readonly string[],
  form: 'Filter Expression' | 'QueryFilter',
): void {
  for (const path of pathsOf(filter)) {
    const [name] = path;
    if (!keyNames.includes(name)) continue;
    if (path.length > 1) throw nestedKey(name);
    throw validationError(
      `${form} can only contain non-primary key attributes: Primary key attribute: ${name}`,
    );
  }
}

function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not':
      return pathsOf(condition.condition);
    case 'compare':
    case 'begins-with':
    case 'contains':
      return pathsAmong([condition.left, condition.right]);
    case 'between':
      return pathsAmong([condition.operand, condition.low, condition.high]);
    case 'in':
      return pathsAmong([condition.operand, ...condition.among]);
    case 'exists':
    case 'not-exists':
      return [condition.path];
    case 'type':
      return pathsAmong([condition.operand]);
  }
}

function pathsAmong(operands: readonly Operand[]): readonly Path[] {
  return operands.flatMap((operand) => {
    if (operand.kind === 'path') return [operand.path];
    return operand.kind === 'size' ? pathsAmong([operand.of]) : [];
  });
}
