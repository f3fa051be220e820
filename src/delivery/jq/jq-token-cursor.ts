import { JqError } from './jq-error.ts';
import type { BinaryOperator } from './jq-syntax.ts';
import type { JqToken } from './jq-tokens.ts';

/** Goes through the tokens of a program; throws `JqError` where another one is needed than there is. */
export class TokenCursor {
  readonly #tokens: readonly JqToken[];
  #at = 0;

  /** The last of them is `end`. */
  constructor(tokens: readonly JqToken[]) {
    this.#tokens = tokens;
  }

  get now(): JqToken {
    return this.#tokens[this.#at]!;
  }

  get behind(): JqToken | undefined {
    return this.#tokens[this.#at + 1];
  }

  skip(): void {
    this.#at++;
  }

  isSymbol(...texts: readonly string[]): boolean {
    const { now } = this;
    return now.kind === 'symbol' && texts.includes(now.text);
  }

  isName(...texts: readonly string[]): boolean {
    const { now } = this;
    return now.kind === 'name' && texts.includes(now.text);
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.#at++;
    return true;
  }

  /** The one of them that is there. */
  takeOperator(...operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const found = operators.find((operator) => this.isSymbol(operator));
    if (found !== undefined) this.#at++;
    return found;
  }

  needSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected();
  }

  needName(text: string): void {
    if (!this.isName(text)) throw this.unexpected();
    this.#at++;
  }

  needVariable(): string {
    const { now } = this;
    if (now.kind !== 'variable') throw new JqError('syntax error: only `as $name` is done here');
    this.#at++;
    return now.text;
  }

  unexpected(): JqError {
    const { now } = this;
    if (now.kind === 'end') return new JqError('syntax error: the program ends too early');
    if (now.kind === 'number') return new JqError(`syntax error: unexpected ${now.value}`);
    if (now.kind === 'string') return new JqError('syntax error: unexpected text');
    return new JqError(`syntax error: unexpected ${now.text}`);
  }
}
