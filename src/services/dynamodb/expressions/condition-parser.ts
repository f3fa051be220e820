import type { Comparator } from './condition.ts';
import type { ExpressionKind } from './expression-error.ts';
import type { ConditionNode, ConditionSyntax, OperandSyntax } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/**
 * What the text of a condition says. Throws a ValidationException. NOT binds more tightly than AND, and AND
 * than OR. Conditions that wait for others are on a stack of its own, so that no text is too deep for it.
 */
export function parseCondition(text: string, kind: ExpressionKind): ConditionSyntax {
  const reader = new TokenReader(text, kind);
  const stack = new OperatorStack(reader);
  for (;;) {
    while (reader.isNext('NOT') || reader.isNext('(')) stack.open(reader.take().word as Opening);
    readSimple(reader, stack);
    while (stack.hasOpenParenthesis && reader.takes(')')) stack.close();
    if (reader.takes('AND')) stack.join('AND');
    else if (reader.takes('OR')) stack.join('OR');
    else break;
  }
  const root = stack.finish();
  return { root, operators: stack.operators + reader.functions };
}

type Opening = 'NOT' | '(';
type Operator = Opening | 'AND' | 'OR';

const precedence = { '(': 0, OR: 1, AND: 2, NOT: 3 };
const comparators: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);

/**
 * A comparison or a function. Parentheses that were opened right before it may be those of its first operand.
 */
function readSimple(reader: TokenReader, stack: OperatorStack): void {
  const first = reader.bareOperand();
  let parentheses = 0;
  while (stack.isParenthesisOnTop && reader.takes(')')) {
    stack.drop();
    parentheses++;
  }
  reader.requireFew(parentheses);
  const comparison = readComparison(reader, first);
  if (comparison !== undefined) {
    stack.operators++;
    stack.push(comparison, false);
  } else if (first.kind === 'function') {
    stack.push(first, parentheses > 0);
  } else {
    throw reader.syntaxError();
  }
}

/** Undefined where the operand is not compared with anything. */
function readComparison(reader: TokenReader, first: OperandSyntax): ConditionNode | undefined {
  if (reader.takes('BETWEEN')) {
    const low = reader.operand();
    reader.expect('AND');
    return { kind: 'between', operands: [first, low, reader.operand()] };
  }
  if (reader.takes('IN')) return { kind: 'in', operands: [first, ...reader.operands()] };
  const { next } = reader;
  if (next.kind !== 'symbol' || !comparators.has(next.text)) return undefined;
  const comparator = reader.take().text as Comparator;
  return { kind: 'compare', comparator, operands: [first, reader.operand()] };
}

/** Operators whose right side is still to come, and the conditions that they are about. */
class OperatorStack {
  readonly #reader: TokenReader;
  readonly #waiting: Operator[] = [];
  readonly #conditions: ConditionNode[] = [];
  #parentheses = 0;
  /** Whether the last condition stands in parentheses with nothing else. */
  #isEnclosed = false;
  operators = 0;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  get hasOpenParenthesis(): boolean {
    return this.#parentheses > 0;
  }

  get isParenthesisOnTop(): boolean {
    return this.#waiting.at(-1) === '(';
  }

  open(opening: Opening): void {
    if (opening === '(') this.#parentheses++;
    else this.operators++;
    this.#waiting.push(opening);
  }

  /** Forgets the last parenthesis, which was one of an operand. */
  drop(): void {
    this.#waiting.pop();
    this.#parentheses--;
  }

  push(condition: ConditionNode, isEnclosed: boolean): void {
    this.#conditions.push(condition);
    this.#isEnclosed = isEnclosed;
  }

  join(operator: 'AND' | 'OR'): void {
    this.operators++;
    this.#settle(precedence[operator]);
    this.#waiting.push(operator);
  }

  close(): void {
    this.#settle(precedence.OR);
    this.#reader.requireFew(this.#isEnclosed ? 2 : 1);
    this.drop();
    this.#isEnclosed = true;
  }

  /** The whole, once nothing is left to be read. */
  finish(): ConditionNode {
    if (this.hasOpenParenthesis) throw this.#reader.syntaxError();
    this.#reader.requireEnd();
    this.#settle(precedence.OR);
    return this.#conditions[0]!;
  }

  /** Applies what waits and binds at least as tightly. */
  #settle(atLeast: number): void {
    for (;;) {
      const operator = this.#waiting.at(-1);
      if (operator === undefined || operator === '(' || precedence[operator] < atLeast) return;
      this.#waiting.pop();
      const right = this.#conditions.pop()!;
      this.#isEnclosed = false;
      if (operator === 'NOT') this.#conditions.push({ kind: 'not', condition: right });
      else {
        const left = this.#conditions.pop()!;
        this.#conditions.push({ kind: operator === 'AND' ? 'and' : 'or', left, right });
      }
    }
  }
}
