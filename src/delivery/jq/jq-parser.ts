import { JqError } from './jq-error.ts';
import type { JqNode } from './jq-syntax.ts';
import { TokenCursor } from './jq-token-cursor.ts';
import { type JqToken, tokensOf } from './jq-tokens.ts';

/**
 * Reads a program of jq 1.6. What is not done here is refused by its name, and so is what that version does
 * not know.
 */
export function parseJq(program: string): JqNode {
  return new Parser(tokensOf(program)).program();
}

class Parser {
  readonly #tokens: TokenCursor;

  constructor(tokens: readonly JqToken[]) {
    this.#tokens = new TokenCursor(tokens);
  }

  program(): JqNode {
    const node = this.#pipe();
    if (this.#tokens.now.kind !== 'end') throw this.#tokens.unexpected();
    return node;
  }

  #pipe(): JqNode {
    const left = this.#comma();
    return this.#tokens.takeSymbol('|') ? { kind: 'pipe', left, right: this.#pipe() } : left;
  }

  #comma(): JqNode {
    let left = this.#alternative();
    while (this.#tokens.takeSymbol(',')) left = { kind: 'comma', left, right: this.#alternative() };
    return left;
  }

  #alternative(): JqNode {
    const left = this.#or();
    if (this.#tokens.takeSymbol('//')) return { kind: 'alternative', left, right: this.#alternative() };
    for (const assignment of ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//=', '?//']) {
      if (this.#tokens.isSymbol(assignment)) throw notDone(assignment);
    }
    return left;
  }

  #or(): JqNode {
    let left = this.#and();
    while (this.#tokens.isName('or')) {
      this.#tokens.skip();
      left = { kind: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): JqNode {
    let left = this.#comparison();
    while (this.#tokens.isName('and')) {
      this.#tokens.skip();
      left = { kind: 'and', left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): JqNode {
    const left = this.#sum();
    const operator = this.#tokens.takeOperator('==', '!=', '<', '<=', '>', '>=');
    if (operator === undefined) return left;
    const right = this.#sum();
    if (this.#tokens.isSymbol('==', '!=', '<', '<=', '>', '>=')) throw this.#tokens.unexpected();
    return { kind: 'binary', operator, left, right };
  }

  #sum(): JqNode {
    let left = this.#product();
    for (
      let operator = this.#tokens.takeOperator('+', '-');
      operator;
      operator = this.#tokens.takeOperator('+', '-')
    ) {
      left = { kind: 'binary', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): JqNode {
    let left = this.#postfix();
    const all = ['*', '/', '%'] as const;
    for (
      let operator = this.#tokens.takeOperator(...all);
      operator;
      operator = this.#tokens.takeOperator(...all)
    ) {
      left = { kind: 'binary', operator, left, right: this.#postfix() };
    }
    return left;
  }

  /** What is bound is the term before `as` alone; what it is bound for is all that follows. */
  #bind(source: JqNode): JqNode {
    this.#tokens.needName('as');
    const name = this.#tokens.needVariable();
    this.#tokens.needSymbol('|');
    return { kind: 'bind', source, name, body: this.#pipe() };
  }

  /** A term and what is behind it: `.a`, `[0]`, `?`. */
  #postfix(): JqNode {
    if (this.#tokens.takeSymbol('-')) return { kind: 'negate', of: this.#postfix() };
    if (this.#tokens.isName('try')) return this.#try();
    const node = this.#suffixed();
    return this.#tokens.isName('as') ? this.#bind(node) : node;
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
    const token = this.#tokens.now;
    if (token.kind === 'field') {
      this.#tokens.skip();
      return this.#index(of, { kind: 'literal', value: token.text.slice(1) });
    }
    if (this.#tokens.isSymbol('.') && this.#tokens.behind?.kind === 'string') {
      this.#tokens.skip();
      return this.#index(of, this.#text('@text'));
    }
    if (this.#tokens.isSymbol('[')) return this.#brackets(of);
    if (this.#tokens.takeSymbol('?')) return { kind: 'try', body: of, caught: undefined };
    return undefined;
  }

  #index(of: JqNode, at: JqNode): JqNode {
    return { kind: 'index', of, at, isOptional: this.#tokens.takeSymbol('?') };
  }

  #brackets(of: JqNode): JqNode {
    this.#tokens.needSymbol('[');
    if (this.#tokens.takeSymbol(']')) return { kind: 'each', of, isOptional: this.#tokens.takeSymbol('?') };
    const from = this.#tokens.isSymbol(':') ? undefined : this.#pipe();
    if (!this.#tokens.takeSymbol(':')) {
      this.#tokens.needSymbol(']');
      return this.#index(of, from!);
    }
    const to = from !== undefined && this.#tokens.isSymbol(']') ? undefined : this.#pipe();
    this.#tokens.needSymbol(']');
    return { kind: 'slice', of, from, to, isOptional: this.#tokens.takeSymbol('?') };
  }

  #term(): JqNode {
    const token = this.#tokens.now;
    switch (token.kind) {
      case 'number':
        this.#tokens.skip();
        return { kind: 'literal', value: token.value };
      case 'string':
        return this.#text('@text');
      case 'format':
        return this.#format(token.text);
      case 'field':
        return this.#behind(identity)!;
      case 'variable':
        this.#tokens.skip();
        return { kind: 'variable', name: token.text };
      case 'name':
        return this.#named(token.text);
      case 'symbol':
        return this.#symbolTerm(token.text);
      case 'end':
        throw this.#tokens.unexpected();
    }
  }

  #symbolTerm(symbol: string): JqNode {
    if (symbol === '.') {
      if (this.#tokens.behind?.kind === 'string') return this.#behind(identity)!;
      this.#tokens.skip();
      return identity;
    }
    if (symbol === '..') {
      this.#tokens.skip();
      return { kind: 'call', name: 'recurse', args: [] };
    }
    if (symbol === '[') return this.#array();
    if (symbol === '{') return this.#object();
    if (!this.#tokens.takeSymbol('(')) throw this.#tokens.unexpected();
    const body = this.#pipe();
    this.#tokens.needSymbol(')');
    return body;
  }

  #format(format: string): JqNode {
    this.#tokens.skip();
    return this.#tokens.now.kind === 'string' ? this.#text(format) : { kind: 'format', format };
  }

  #text(format: string): JqNode {
    const token = this.#tokens.now;
    if (token.kind !== 'string') throw this.#tokens.unexpected();
    this.#tokens.skip();
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
    if (keywords.has(name)) throw this.#tokens.unexpected();
    this.#tokens.skip();
    return { kind: 'call', name, args: this.#tokens.takeSymbol('(') ? this.#args() : [] };
  }

  #args(): readonly JqNode[] {
    const args = [this.#pipe()];
    while (this.#tokens.takeSymbol(';')) args.push(this.#pipe());
    this.#tokens.needSymbol(')');
    return args;
  }

  #if(): JqNode {
    this.#tokens.skip();
    const condition = this.#pipe();
    this.#tokens.needName('then');
    const whenTrue = this.#pipe();
    if (this.#tokens.isName('elif')) return { kind: 'if', condition, whenTrue, otherwise: this.#if() };
    // jq 1.6, which is what Firehose names as its engine, has no `if` without it.
    this.#tokens.needName('else');
    const otherwise = this.#pipe();
    this.#tokens.needName('end');
    return { kind: 'if', condition, whenTrue, otherwise };
  }

  #try(): JqNode {
    this.#tokens.skip();
    const body = this.#suffixed();
    if (!this.#tokens.isName('catch')) return { kind: 'try', body, caught: undefined };
    this.#tokens.skip();
    return { kind: 'try', body, caught: this.#suffixed() };
  }

  #reduce(): JqNode {
    this.#tokens.skip();
    const source = this.#suffixed();
    this.#tokens.needName('as');
    const name = this.#tokens.needVariable();
    this.#tokens.needSymbol('(');
    const initial = this.#pipe();
    this.#tokens.needSymbol(';');
    const update = this.#pipe();
    this.#tokens.needSymbol(')');
    return { kind: 'reduce', source, name, initial, update };
  }

  #array(): JqNode {
    this.#tokens.needSymbol('[');
    if (this.#tokens.takeSymbol(']')) return { kind: 'array', body: undefined };
    const body = this.#pipe();
    this.#tokens.needSymbol(']');
    return { kind: 'array', body };
  }

  #object(): JqNode {
    const entries: (readonly [JqNode, JqNode])[] = [];
    this.#tokens.needSymbol('{');
    while (!this.#tokens.takeSymbol('}')) {
      if (entries.length > 0) this.#tokens.needSymbol(',');
      entries.push(this.#entry());
    }
    return { kind: 'object', entries };
  }

  #entry(): readonly [JqNode, JqNode] {
    const token = this.#tokens.now;
    if (token.kind === 'variable') {
      this.#tokens.skip();
      return [
        { kind: 'literal', value: token.text.slice(1) },
        { kind: 'variable', name: token.text },
      ];
    }
    if (this.#tokens.takeSymbol('(')) {
      const key = this.#pipe();
      this.#tokens.needSymbol(')');
      this.#tokens.needSymbol(':');
      return [key, this.#entryValue()];
    }
    const key = this.#entryKey();
    if (this.#tokens.takeSymbol(':')) return [key, this.#entryValue()];
    return [key, { kind: 'index', of: identity, at: key, isOptional: false }];
  }

  #entryKey(): JqNode {
    const token = this.#tokens.now;
    if (token.kind === 'string') return this.#text('@text');
    if (token.kind === 'format') return this.#format(token.text);
    if (token.kind !== 'name') throw this.#tokens.unexpected();
    this.#tokens.skip();
    return { kind: 'literal', value: token.text };
  }

  /** Terms with bars between them: all else is in parentheses, in jq 1.6. */
  #entryValue(): JqNode {
    const left = this.#postfix();
    return this.#tokens.takeSymbol('|') ? { kind: 'pipe', left, right: this.#entryValue() } : left;
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
