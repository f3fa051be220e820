import type { Condition, Operand } from './condition.ts';
import type { Path } from './path.ts';

/** All paths that a condition is about. */
export function pathsIn(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.condition);
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

/** The attributes that these begin with. */
export function namesIn(condition: Condition | undefined): string[] {
  return condition === undefined ? [] : pathsIn(condition).map(([name]) => name);
}

function pathsAmong(operands: readonly Operand[]): readonly Path[] {
  return operands.flatMap((operand) => {
    if (operand.kind === 'path') return [operand.path];
    return operand.kind === 'size' ? pathsAmong([operand.of]) : [];
  });
}
