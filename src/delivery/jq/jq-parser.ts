import { JqError } from './jq-error.ts';
import type { BinaryOperator, JqNode } from './jq-syntax.ts';
import { type JqToken, tokensOf } from './jq-tokens.ts';

/**
 * Reads a program of jq 1.6. What is not done here is refused by its name, and so is what that version does
 * not know.
 */
export function parseJq(program: string): JqNode {
  return new Parser(tokensOf(program)).program();
}

class Parser {
  readonly #tokens: readonly JqToken[];
  #at = 0;

  constructor(tokens: readonly JqToken[]) {
    this.#tokens = tokens;
  }

  program(): JqNode {
    const node = this.#pipe();
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return node;
  }

  get #token(): JqToken {
    return this.#tokens[this.#at]!;
  }

  #isSymbol(...texts: readonly string[]): boolean {
    return this.#token.kind === 'symbol' && texts.includes(this.#token.text);
  }

  #isName(...texts: readonly string[]): boolean {
    return this.#token.kind === 'name' && texts.includes(this.#token.text);
  }

  #takeSymbol(text: string): boolean {
    if (!this.#isSymbol(text)) return false;
    this.#at++;
    return true;
  }

  #needSymbol(text: string): void {
    if (!this.#takeSymbol(text)) throw this.#unexpected();
  }

  #needName(text: string): void {
    if (!this.#isName(text)) throw this.#unexpected();
    this.#at++;
  }

  #needVariable(): string {
    const token = this.#token;
    if (token.kind !== 'variable') throw new JqError('syntax error: only `as $name` is done here');
    this.#at++;
    return token.text;
  }

  #unexpected(): JqError {
    const token = this.#token;
    if (token.kind === 'end') return new JqError('syntax error: the program ends too early');
    if (token.kind === 'number') return new JqError(`syntax error: unexpected ${token.value}`);
    if (token.kind === 'string') return new JqError('syntax error: unexpected text');
    return new JqError(`syntax error: unexpected ${token.text}`);
  }

  #pipe(): JqNode {
    const left = this.#comma();
    return this.#takeSymbol('|') ? { kind: 'pipe', left, right: this.#pipe() } : left;
  }

  #comma(): JqNode {
    let left = this.#alternative();
    while (this.#takeSymbol(',')) left = { kind: 'comma', left, right: this.#alternative() };
    return left;
  }

  #alternative(): JqNode {
    const left = this.#or();
    if (this.#takeSymbol('//')) return { kind: 'alternative', left, right: this.#alternative() };
    for (const assignment of ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//=', '?//']) {
      if (this.#isSymbol(assignment)) throw notDone(assignment);
    }
    return left;
  }

  #or(): JqNode {
    let left = this.#and();
    while (this.#isName('or')) {
      this.#at++;
      left = { kind: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): JqNode {
    let left = this.#comparison();
    while (this.#isName('and')) {
      this.#at++;
      left = { kind: 'and', left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): JqNode {
    const left = this.#sum();
    const operator = this.#takeOperator('==', '!=', '<', '<=', '>', '>=');
    if (operator === undefined) return left;
    const right = this.#sum();
    if (this.#isSymbol('==', '!=', '<', '<=', '>', '>=')) throw this.#unexpected();
    return { kind: 'binary', operator, left, right };
  }

  #sum(): JqNode {
    let left = this.#product();
    for (let operator = this.#takeOperator('+', '-'); operator; operator = this.#takeOperator('+', '-')) {
      left = { kind: 'binary', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): JqNode {
    let left = this.#postfix();
    const all = ['*', '/', '%'] as const;
    for (let operator = this.#takeOperator(...all); operator; operator = this.#takeOperator(...all)) {
      left = { kind: 'binary', operator, left, right: this.#postfix() };
    }
    return left;
  }

  #takeOperator(...operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const found = operators.find((operator) => this.#isSymbol(operator));
    if (found !== undefined) this.#at++;
    return found;
  }

  /** What is bound is the term before `as` alone; what it is bound for is all that follows. */
  #bind(source: JqNode): JqNode {
    this.#needName('as');
    const name = this.#needVariable();
    this.#needSymbol('|');
    return { kind: 'bind', source, name, body: this.#pipe() };
  }

  /** A term and what is behind it: `.a`, `[0]`, `?`. */
  #postfix(): JqNode {
    if (this.#takeSymbol('-')) return { kind: 'negate', of: this.#postfix() };
    if (this.#isName('try')) return this.#try();
    const node = this.#suffixed();
    return this.#isName('as') ? this.#bind(node) : node;
  }

  #suffixed(): JqNode {
    let node = this.#term();
    while (true) {
      const behind = this.#behind(node);
      if (behind === undefined) break;
      node = behind;
    }
    return node;
  }

  #behind(of: JqNode): JqNode | undefined {
    const token = this.#token;
    if (token.kind === 'field') {
      this.#at++;
      return this.#index(of, { kind: 'literal', value: token.text.slice(1) });
    }
    if (this.#isSymbol('.') && this.#tokens[this.#at + 1]?.kind === 'string') {
      this.#at++;
      return this.#index(of, this.#text('@text'));
    }
    if (this.#isSymbol('[')) return this.#brackets(of);
    if (this.#takeSymbol('?')) return { kind: 'try', body: of, caught: undefined };
    return undefined;
  }

  #index(of: JqNode, at: JqNode): JqNode {
    return { kind: 'index', of, at, isOptional: this.#takeSymbol('?') };
  }

  #brackets(of: JqNode): JqNode {
    this.#needSymbol('[');
    if (this.#takeSymbol(']')) return { kind: 'each', of, isOptional: this.#takeSymbol('?') };
    const from = this.#isSymbol(':') ? undefined : this.#pipe();
    if (!this.#takeSymbol(':')) {
      this.#needSymbol(']');
      return this.#index(of, from!);
    }
    const to = from !== undefined && this.#isSymbol(']') ? undefined : this.#pipe();
    this.#needSymbol(']');
    return { kind: 'slice', of, from, to, isOptional: this.#takeSymbol('?') };
  }

  #term(): JqNode {
    const token = this.#token;
    switch (token.kind) {
      case 'number':
        this.#at++;
        return { kind: 'literal', value: token.value };
      case 'string':
        return this.#text('@text');
      case 'format':
        return this.#format(token.text);
      case 'field':
        return this.#behind(identity)!;
      case 'variable':
        this.#at++;
        return { kind: 'variable', name: token.text };
      case 'name':
        return this.#named(token.text);
      case 'symbol':
        return this.#symbolTerm(token.text);
      case 'end':
        throw this.#unexpected();
    }
  }

  #symbolTerm(symbol: string): JqNode {
    if (symbol === '.') {
      if (this.#tokens[this.#at + 1]?.kind === 'string') return this.#behind(identity)!;
      this.#at++;
      return identity;
    }
    if (symbol === '..') {
      this.#at++;
      return { kind: 'call', name: 'recurse', args: [] };
    }
    if (symbol === '[') return this.#array();
    if (symbol === '{') return this.#object();
    if (!this.#takeSymbol('(')) throw this.#unexpected();
    const body = this.#pipe();
    this.#needSymbol(')');
    return body;
  }

  #format(format: string): JqNode {
    this.#at++;
    return this.#token.kind === 'string' ? this.#text(format) : { kind: 'format', format };
  }

  #text(format: string): JqNode {
    const token = this.#token;
    if (token.kind !== 'string') throw this.#unexpected();
    this.#at++;
    const [only] = token.parts;
    if (token.parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only };
    const parts = token.parts.map((part) => (typeof part === 'string' ? part : new Parser(part).program()));
    return { kind: 'text', format, parts };
  }

  #named(name: string): JqNode {
    if (name === 'if') return this.#if();
    if (name === 'reduce') return this.#reduce();
    if (['def', 'foreach', 'label', 'break', 'import', 'include', '__loc__'].includes(name))
      throw notDone(name);
    if (keywords.has(name)) throw this.#unexpected();
    this.#at++;
    return { kind: 'call', name, args: this.#takeSymbol('(') ? this.#args() : [] };
  }

  #args(): readonly JqNode[] {
    const args = [this.#pipe()];
    while (this.#takeSymbol(';')) args.push(this.#pipe());
    this.#needSymbol(')');
    return args;
  }

  #if(): JqNode {
    this.#at++;
    const condition = this.#pipe();
    this.#needName('then');
    const whenTrue = this.#pipe();
    if (this.#isName('elif')) return { kind: 'if', condition, whenTrue, otherwise: this.#if() };
    // jq 1.6, which is what Firehose names as its engine, has no `if` without it.
    this.#needName('else');
    const otherwise = this.#pipe();
    this.#needName('end');
    return { kind: 'if', condition, whenTrue, otherwise };
  }

  #try(): JqNode {
    this.#at++;
    const body = this.#suffixed();
    if (!this.#isName('catch')) return { kind: 'try', body, caught: undefined };
    this.#at++;
    return { kind: 'try', body, caught: this.#suffixed() };
  }

  #reduce(): JqNode {
    this.#at++;
    const source = this.#suffixed();
    this.#needName('as');
    const name = this.#needVariable();
    this.#needSymbol('(');
    const initial = this.#pipe();
    this.#needSymbol(';');
    const update = this.#pipe();
    this.#needSymbol(')');
    return { kind: 'reduce', source, name, initial, update };
  }

  #array(): JqNode {
    this.#needSymbol('[');
    if (this.#takeSymbol(']')) return { kind: 'array', body: undefined };
    const body = this.#pipe();
    this.#needSymbol(']');
    return { kind: 'array', body };
  }

  #object(): JqNode {
    const entries: (readonly [JqNode, JqNode])[] = [];
    this.#needSymbol('{');
    while (!this.#takeSymbol('}')) {
      if (entries.length > 0) this.#needSymbol(',');
      entries.push(this.#entry());
    }
    return { kind: 'object', entries };
  }

  #entry(): readonly [JqNode, JqNode] {
    const token = this.#token;
    if (token.kind === 'variable') {
      this.#at++;
      return [
        { kind: 'literal', value: token.text.slice(1) },
        { kind: 'variable', name: token.text },
      ];
    }
    if (this.#takeSymbol('(')) {
      const key = this.#pipe();
      this.#needSymbol(')');
      this.#needSymbol(':');
      return [key, this.#entryValue()];
    }
    const key = this.#entryKey();
    if (this.#takeSymbol(':')) return [key, this.#entryValue()];
    return [key, { kind: 'index', of: identity, at: key, isOptional: false }];
  }

  #entryKey(): JqNode {
    const token = this.#token;
    if (token.kind === 'string') return this.#text('@text');
    if (token.kind === 'format') return this.#format(token.text);
    if (token.kind !== 'name') throw this.#unexpected();
    this.#at++;
    return { kind: 'literal', value: token.text };
  }

  /** Terms with bars between them: all else is in parentheses, in jq 1.6. */
  #entryValue(): JqNode {
    const left = this.#postfix();
    return this.#takeSymbol('|') ? { kind: 'pipe', left, right: this.#entryValue() } : left;
  }
}

const identity: JqNode = { kind: 'identity' };

const keywords: ReadonlySet<string> = new Set([
  'as',
  'then',
  'elif',
  'else',
  'end',
  'and',
  'or',
  'catch',
  'try',
]);

function notDone(what: string): JqError {
  return new JqError(`${what} is not supported in a query`);
}
