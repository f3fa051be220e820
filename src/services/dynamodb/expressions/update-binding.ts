import { type AttributeType, typeNames, typeOf } from '../values/attribute-value.ts';
import { isSet } from '../values/value-set.ts';
import { Binding } from './binding.ts';
import { isSamePath, type Path } from './path.ts';
import { requireApart } from './path-clash.ts';
import type { Substitutions } from './substitutions.ts';
import {
  type ActionSyntax,
  type FunctionSyntax,
  isSum,
  type OperandSyntax,
  type SetSource,
  type UpdateSyntax,
} from './syntax.ts';
import type { Action, Source, Update } from './update.ts';

/**
 * The update with names and values put in. Throws a ValidationException for those that are not defined, for
 * paths that overlap, and for values of a type that their operator does not take. Actions are looked at from
 * the last to the first, as AWS does: of several faults that decides which one is told.
 */
export function bindUpdate({ sections, operators }: UpdateSyntax, substitutions: Substitutions): Update {
  const binding = new Binding('UpdateExpression', substitutions);
  const syntax = sections.flatMap((section) => section.actions);
  const paths = requireApart(
    syntax.map((action) => action.path),
    binding,
  );
  const actions: Action[] = [];
  for (let i = syntax.length - 1; i >= 0; i--) actions.push(bound(syntax[i]!, paths[i]!, binding));
  binding.requireFewOperators(operators);
  return { actions: actions.reverse() };
}

function bound(action: ActionSyntax, path: Path, binding: Binding): Action {
  switch (action.kind) {
    case 'set':
      return { kind: 'set', path, source: boundSource(action.source, binding) };
    case 'remove':
      return { kind: 'remove', path };
    case 'add':
    case 'delete': {
      const value = binding.value(action.value);
      if (!isSet(value) && !(action.kind === 'add' && 'N' in value)) {
        const operator = action.kind === 'add' ? 'ADD' : 'DELETE';
        throw binding.error(
          `Incorrect operand type for operator or function; operator: ${operator}, ` +
            `operand type: ${typeNames[typeOf(value)]}, typeSet: ALLOWED_FOR_${operator}_OPERAND`,
        );
      }
      return { kind: action.kind, path, value };
    }
  }
}

function boundSource(source: SetSource, binding: Binding): Source {
  if (!isSum(source)) return boundOperand(source, binding);
  const operator = source.kind === 'plus' ? '+' : '-';
  const left = boundOperand(source.left, binding);
  const right = boundOperand(source.right, binding);
  requireType(operator, [left, right], 'N', binding);
  return { kind: source.kind, left, right };
}

function boundOperand(operand: OperandSyntax, binding: Binding): Source {
  switch (operand.kind) {
    case 'path':
      return { kind: 'path', path: binding.path(operand) };
    case 'value':
      return { kind: 'value', value: binding.value(operand) };
    case 'function':
      return boundFunction(operand, binding);
  }
}

function boundFunction({ name, operands: nodes }: FunctionSyntax, binding: Binding): Source {
  const operands = nodes.map((node) => boundOperand(node, binding));
  binding.requireOperands(name, operands, 2);
  const [left, right] = operands;
  if (name === 'list_append') {
    requireType(name, operands, 'L', binding);
    return { kind: 'list-append', left: left!, right: right! };
  }
  if (left!.kind !== 'path') throw binding.needsPath(name);
  if (right!.kind === 'path' && isSamePath(left!.path, right!.path)) {
    throw binding.sameOperand(name, left!.path);
  }
  return { kind: 'if-not-exists', path: left!.path, otherwise: right! };
}

function requireType(
  operator: string,
  operands: readonly Source[],
  type: AttributeType,
  binding: Binding,
): void {
  for (const operand of operands) {
    if (operand.kind === 'value' && typeOf(operand.value) !== type) {
      throw binding.wrongType(operator, typeOf(operand.value));
    }
  }
}
