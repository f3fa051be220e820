import { type AttributeType, typeOf } from '../values/attribute-value.ts';
import { compare } from '../values/order.ts';
import { Binding, valueText } from './binding.ts';
import type { Condition, Operand } from './condition.ts';
import type { ExpressionKind } from './expression-error.ts';
import { isSamePath } from './path.ts';
import type { Substitutions } from './substitutions.ts';
import type { ConditionNode, ConditionSyntax, FunctionSyntax, OperandSyntax } from './syntax.ts';

// DynamoDB developer guide, "Quotas", expression parameters.
const amongMax = 100;

const orderedTypes: readonly AttributeType[] = ['S', 'N', 'B'];
const textTypes: readonly AttributeType[] = ['S', 'B'];
const lengthless: readonly AttributeType[] = ['N', 'BOOL', 'NULL'];
const allTypes: readonly AttributeType[] = ['N', 'BS', 'L', 'B', 'NULL', 'M', 'S', 'SS', 'NS', 'BOOL'];
/** How AWS says that an operand could be of any type. */
const anyType =
  '{B,BOOL,HD,DECIMALSET,DECIMAL,DOUBLESET,INT,DICT,S,L,BS,NULL,NS,INTSET,SS,DOUBLE,N,FS,M,FLOAT,HDS}';

/**
 * The condition with names and values put in. Throws a ValidationException for those that are not defined,
 * and where an operand cannot be of the type that its operator needs.
 */
export function bindCondition(
  { root, operators }: ConditionSyntax,
  kind: ExpressionKind,
  substitutions: Substitutions,
): Condition {
  const binding = new Binding(kind, substitutions);
  const condition = bound(root, binding);
  binding.requireFewOperators(operators);
  return condition;
}

function bound(node: ConditionNode, binding: Binding): Condition {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const left = bound(node.left, binding);
      return { kind: node.kind, left, right: bound(node.right, binding) };
    }
    case 'not':
      return { kind: 'not', condition: bound(node.condition, binding) };
    case 'function':
      return boundFunction(node, binding);
    case 'compare': {
      const operands = node.operands.map((operand) => boundOperand(operand, binding));
      const { comparator } = node;
      if (comparator !== '=' && comparator !== '<>') requireOrdered(comparator, operands, binding);
      requireDistinct(comparator, operands, binding);
      return { kind: 'compare', comparator, left: operands[0]!, right: operands[1]! };
    }
    case 'between':
      return boundBetween(node.operands, binding);
    case 'in':
      return boundIn(node.operands, binding);
  }
}

function boundBetween(nodes: readonly OperandSyntax[], binding: Binding): Condition {
  const operands = nodes.map((node) => boundOperand(node, binding));
  const [operand, low, high] = operands as [Operand, Operand, Operand];
  requireOrdered('BETWEEN', operands, binding);
  requireDistinct('BETWEEN', operands, binding);
  if (low.kind === 'value' && high.kind === 'value') {
    const shown = `lower bound operand: ${valueText(low.value)}, upper bound operand: ${valueText(high.value)}`;
    const order = compare(low.value, high.value);
    if (order === undefined) {
      throw binding.error(
        `The BETWEEN operator requires same data type for lower and upper bounds; ${shown}`,
      );
    }
    if (order > 0) {
      throw binding.error(
        `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${shown}`,
      );
    }
  }
  return { kind: 'between', operand, low, high };
}

function boundIn(nodes: readonly OperandSyntax[], binding: Binding): Condition {
  const operands = nodes.map((node) => boundOperand(node, binding));
  requireDistinct('IN', operands, binding);
  const [operand, ...among] = operands;
  if (among.length > amongMax) {
    throw binding.error(
      `The IN operator is provided with too many operands; number of operands: ${among.length}`,
    );
  }
  return { kind: 'in', operand: operand!, among };
}

function boundFunction({ name, operands: nodes }: FunctionSyntax, binding: Binding): Condition {
  const operands = nodes.map((node) => boundOperand(node, binding));
  const isOfPath = name === 'attribute_exists' || name === 'attribute_not_exists';
  binding.requireOperands(name, operands, isOfPath ? 1 : 2);
  const [left, right] = operands as [Operand, Operand];
  if (isOfPath) {
    if (left.kind !== 'path') throw binding.needsPath(name);
    return { kind: name === 'attribute_exists' ? 'exists' : 'not-exists', path: left.path };
  }
  requireDistinct(name, operands, binding);
  if (name === 'attribute_type') return { kind: 'type', operand: left, type: namedType(right, binding) };
  if (name === 'contains') return { kind: 'contains', left, right };
  requireTypes(name, operands, textTypes, binding);
  return { kind: 'begins-with', left, right };
}

function namedType(operand: Operand, binding: Binding): AttributeType {
  const type = typeOfOperand(operand);
  if (operand.kind !== 'value' || !('S' in operand.value)) {
    throw binding.wrongType('attribute_type', type ?? anyType);
  }
  const name = operand.value.S;
  const known = allTypes.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw binding.error(
    `Invalid attribute type name found; type: ${name}, valid types: {${allTypes.join(',')}}`,
  );
}

function boundOperand(node: OperandSyntax, binding: Binding): Operand {
  switch (node.kind) {
    case 'path':
      return { kind: 'path', path: binding.path(node) };
    case 'value':
      return { kind: 'value', value: binding.value(node) };
    case 'function': {
      const operands = node.operands.map((operand) => boundOperand(operand, binding));
      binding.requireOperands(node.name, operands, 1);
      const type = typeOfOperand(operands[0]!);
      if (type !== undefined && lengthless.includes(type)) throw binding.wrongType(node.name, type);
      return { kind: 'size', of: operands[0]! };
    }
  }
}

function requireOrdered(operator: string, operands: readonly Operand[], binding: Binding): void {
  requireTypes(operator, operands, orderedTypes, binding);
}

/** Where the type of an operand is known already. */
function requireTypes(
  operator: string,
  operands: readonly Operand[],
  types: readonly AttributeType[],
  binding: Binding,
): void {
  for (const operand of operands) {
    const type = typeOfOperand(operand);
    if (type !== undefined && !types.includes(type)) throw binding.wrongType(operator, type);
  }
}

/** An attribute is not to be compared with itself. */
function requireDistinct(operator: string, operands: readonly Operand[], binding: Binding): void {
  const [first, ...rest] = operands;
  if (first?.kind !== 'path') return;
  if (!rest.some((operand) => operand.kind === 'path' && isSamePath(operand.path, first.path))) return;
  throw binding.sameOperand(operator, first.path);
}

/** Undefined for what an item decides. */
function typeOfOperand(operand: Operand): AttributeType | undefined {
  switch (operand.kind) {
    case 'value':
      return typeOf(operand.value);
    case 'size':
      return 'N';
    case 'path':
      return undefined;
  }
}
