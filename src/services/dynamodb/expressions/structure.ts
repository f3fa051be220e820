import { type ExpressionKind, invalidExpression } from './expression-error.ts';
import { reservedWords } from './reserved-words.ts';
import {
  type ConditionNode,
  type FunctionSyntax,
  isSum,
  type OperandSyntax,
  type PathSyntax,
  type ProjectionSyntax,
  type SetSource,
  type UpdateSyntax,
} from './syntax.ts';

// What can be said against a text before its names and values are known: reserved words, functions that are
// none, and functions where they must not be. From left to right, as AWS does it: the first fault is the one
// told.

const conditionFunctions: ReadonlySet<string> = new Set([
  ...['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains', 'size'],
]);
const updateFunctions: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/** Throws a ValidationException. */
export function requireSoundCondition(root: ConditionNode, kind: ExpressionKind): void {
  const structure = new Structure(kind, conditionFunctions, updateFunctions, 'in a condition expression');
  structure.condition(root);
}

export function requireSoundUpdate(update: UpdateSyntax): void {
  const kind = 'UpdateExpression';
  const structure = new Structure(kind, updateFunctions, conditionFunctions, 'in an update expression');
  for (const action of update.sections.flatMap((section) => section.actions)) {
    structure.path(action.path);
    if (action.kind === 'set') structure.source(action.source);
  }
  const names = update.sections.map((section) => section.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw invalidExpression(kind, `The "${twice}" section can only be used once in an update expression;`);
}

export function requireSoundProjection(projection: ProjectionSyntax): void {
  const structure = new Structure('ProjectionExpression', new Set(), new Set(), '');
  for (const path of projection.paths) structure.path(path);
}

class Structure {
  readonly #kind: ExpressionKind;
  readonly #functions: ReadonlySet<string>;
  /** Those of other expressions. */
  readonly #foreign: ReadonlySet<string>;
  readonly #where: string;

  constructor(
    kind: ExpressionKind,
    functions: ReadonlySet<string>,
    foreign: ReadonlySet<string>,
    where: string,
  ) {
    this.#kind = kind;
    this.#functions = functions;
    this.#foreign = foreign;
    this.#where = where;
  }

  condition(node: ConditionNode): void {
    switch (node.kind) {
      case 'and':
      case 'or':
        this.condition(node.left);
        this.condition(node.right);
        return;
      case 'not':
        this.condition(node.condition);
        return;
      case 'function':
        this.#requireFunction(node);
        if (node.name === 'size') throw this.#misused(node.name);
        this.#operandsOf(node);
        return;
      default:
        for (const operand of node.operands) this.#operand(operand, 'size');
    }
  }

  source(source: SetSource): void {
    if (isSum(source)) {
      this.#operand(source.left, 'if_not_exists');
      this.#operand(source.right, 'if_not_exists');
    } else if (source.kind === 'function') {
      this.#requireFunction(source);
      this.#operandsOf(source);
    } else {
      this.#operand(source, 'if_not_exists');
    }
  }

  path(path: PathSyntax): void {
    for (const part of path.parts) {
      if (typeof part === 'number') continue;
      if (part.startsWith('['))
        throw this.#error(`List index is not within the allowable range; index: ${part}`);
      if (!part.startsWith('#') && reservedWords.has(part.toUpperCase())) {
        throw this.#error(`Attribute name is a reserved keyword; reserved keyword: ${part}`);
      }
    }
  }

  #operandsOf(node: FunctionSyntax): void {
    const inner = this.#functions.has('size') ? 'size' : 'if_not_exists';
    for (const operand of node.operands) this.#operand(operand, inner);
  }

  /** One function's result may be an operand: that of `size`, or of `if_not_exists`. */
  #operand(operand: OperandSyntax, allowed: string): void {
    if (operand.kind === 'path') this.path(operand);
    if (operand.kind !== 'function') return;
    this.#requireFunction(operand);
    if (operand.name !== allowed) throw this.#misused(operand.name);
    this.#operandsOf(operand);
  }

  #requireFunction({ name }: FunctionSyntax): void {
    if (this.#functions.has(name)) return;
    if (this.#foreign.has(name)) {
      throw this.#error(`The function is not allowed ${this.#where}; function: ${name}`);
    }
    throw this.#error(`Invalid function name; function: ${name}`);
  }

  #misused(name: string): Error {
    return this.#error(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #error(problem: string): Error {
    return invalidExpression(this.#kind, problem);
  }
}
