import type { ServiceError } from '../../../wire/service-error.ts';
import { type ExpressionKind, invalidExpression } from './expression-error.ts';
import type { FunctionSyntax, OperandSyntax, PathPart, PathSyntax } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

// DynamoDB developer guide, "Quotas", expression parameters.
const expressionBytesMax = 4_096;

const indexMax = 2 ** 31 - 1;
/**
 * Functions in functions, of which a text of 4 KB could have so many that reading them takes more stack than
 * there is. Of those that mean something, a condition may have 300 operators, and an update's have longer
 * names.
 */
const nestingMax = 300;

/** The tokens of an expression, one after the other, and what all kinds of expressions are made of. */
export class TokenReader {
  readonly #kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;
  /** Functions that were read. */
  functions = 0;

  /** Throws a ValidationException for a text that is empty or too long. */
  constructor(text: string, kind: ExpressionKind) {
    const bytes = Buffer.byteLength(text);
    if (bytes === 0) throw invalidExpression(kind, 'The expression can not be empty;');
    if (bytes > expressionBytesMax) {
      const shown = kind === 'UpdateExpression' ? '' : ` expression size: ${bytes}`;
      throw invalidExpression(kind, `Expression size has exceeded the maximum allowed size;${shown}`);
    }
    this.#kind = kind;
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the next token is this keyword or symbol, which is then taken. */
  takes(word: string): boolean {
    if (!this.isNext(word)) return false;
    this.#at++;
    return true;
  }

  isNext(word: string): boolean {
    const { next } = this;
    return next.word === word && (next.kind === 'symbol' || next.kind === 'keyword');
  }

  expect(word: string): void {
    if (!this.takes(word)) throw this.syntaxError();
  }

  requireEnd(): void {
    if (this.next.kind !== 'end') throw this.syntaxError();
  }

  /** Throws a ValidationException where more than one pair of parentheses stands around the same. */
  requireFew(parentheses: number): void {
    if (parentheses > 1) throw this.error('The expression has redundant parentheses;');
  }

  error(problem: string): ServiceError {
    return invalidExpression(this.#kind, problem);
  }

  /** About the next token. AWS shows it with its neighbours. */
  syntaxError(): ServiceError {
    const from = this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.start;
    const end = (this.#tokens[this.#at + 1] ?? this.next).end;
    const near = this.#text.slice(from, end);
    return this.error(`Syntax error; token: "${this.next.text}", near: "${near}"`);
  }

  path(): PathSyntax {
    const parts: PathPart[] = [this.#pathName()];
    for (;;) {
      if (this.takes('.')) parts.push(this.#pathName());
      else if (this.takes('[')) parts.push(this.#index());
      else return { kind: 'path', parts };
    }
  }

  /** A value, a path or a function, in parentheses or not. */
  operand(): OperandSyntax {
    let parentheses = 0;
    while (this.takes('(')) parentheses++;
    const operand = this.bareOperand();
    for (let closed = 0; closed < parentheses; closed++) this.expect(')');
    this.requireFew(parentheses);
    return operand;
  }

  bareOperand(): OperandSyntax {
    const { next } = this;
    if (next.kind === 'value') return { kind: 'value', name: this.take().text };
    const isFunction = next.kind === 'word' && this.#tokens[this.#at + 1]!.text === '(';
    return isFunction ? this.#function() : this.path();
  }

  /** At least one, separated by commas, in parentheses. */
  operands(): [OperandSyntax, ...OperandSyntax[]] {
    this.expect('(');
    const operands: [OperandSyntax, ...OperandSyntax[]] = [this.operand()];
    while (this.takes(',')) operands.push(this.operand());
    this.expect(')');
    return operands;
  }

  #function(): FunctionSyntax {
    const name = this.take().text;
    this.functions++;
    if (++this.#nesting > nestingMax) throw this.error('The expression has too many nested functions;');
    const operands = this.operands();
    this.#nesting--;
    return { kind: 'function', name, operands };
  }

  #pathName(): string {
    const { kind } = this.next;
    if (kind !== 'word' && kind !== 'name') throw this.syntaxError();
    return this.take().text;
  }

  #index(): PathPart {
    if (this.next.kind !== 'integer') throw this.syntaxError();
    const { text } = this.take();
    this.expect(']');
    return Number(text) <= indexMax ? Number(text) : `[${text}]`;
  }
}
