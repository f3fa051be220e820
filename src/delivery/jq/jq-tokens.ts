import { JqError } from './jq-error.ts';

export type JqToken =
  | { readonly kind: 'name' | 'field' | 'variable' | 'format' | 'symbol'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** What is in it of programs is tokens as well. */
  | { readonly kind: 'string'; readonly parts: readonly (string | readonly JqToken[])[] }
  | { readonly kind: 'end' };

/** Reads a program's tokens. `JqError` where there are none. */
export function tokensOf(program: string): readonly JqToken[] {
  return new Lexer(program).tokens('end');
}

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the program, or to the parenthesis that ends what is in a string. */
  tokens(until: 'end' | ')'): readonly JqToken[] {
    const tokens: JqToken[] = [];
    let depth = 0;
    while (true) {
      this.#skip();
      if (this.#at === this.#text.length) {
        if (until === ')') throw new JqError('syntax error: a text does not end');
        return [...tokens, { kind: 'end' }];
      }
      const token = this.#next();
      if (token.kind === 'symbol' && token.text === '(') depth++;
      if (token.kind === 'symbol' && token.text === ')') depth--;
      if (depth < 0 && until === ')') return [...tokens, { kind: 'end' }];
      tokens.push(token);
    }
  }

  #skip(): void {
    const space = /(?:[ \t\r\n]+|#[^\n]*)*/y;
    this.#match(space);
  }

  #next(): JqToken {
    if (this.#text[this.#at] === '"') return this.#string();
    const number = this.#match(/(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y);
    if (number !== undefined) return { kind: 'number', value: Number(number) };
    for (const [kind, pattern] of named) {
      const text = this.#match(pattern);
      if (text !== undefined) return { kind, text };
    }
    const symbol = this.#match(symbols);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol };
    throw new JqError(`syntax error: unexpected ${JSON.stringify(this.#text[this.#at])}`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #string(): JqToken {
    const parts: (string | readonly JqToken[])[] = [''];
    this.#at++;
    while (true) {
      const plain = this.#match(/[^"\\]+/y);
      if (plain !== undefined) addText(parts, plain);
      const char = this.#text[this.#at];
      this.#at++;
      if (char === '"') return { kind: 'string', parts };
      if (char === undefined) throw new JqError('syntax error: a text does not end');
      if (this.#text[this.#at] === '(') {
        this.#at++;
        parts.push(this.tokens(')'), '');
      } else {
        addText(parts, this.#escape());
      }
    }
  }

  /** As in JSON. */
  #escape(): string {
    const unicode = this.#match(/u[0-9a-fA-F]{4}/y);
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode.slice(1), 16));
    const escaped = escapes[this.#text[this.#at] ?? ''];
    if (escaped === undefined) throw new JqError('syntax error: an escape of a text is none');
    this.#at++;
    return escaped;
  }
}

function addText(parts: (string | readonly JqToken[])[], text: string): void {
  parts.push((parts.pop() as string) + text);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const named: readonly (readonly ['field' | 'variable' | 'format' | 'name', RegExp])[] = [
  ['field', /\.[a-zA-Z_][a-zA-Z0-9_]*/y],
  ['variable', /\$[a-zA-Z_][a-zA-Z0-9_]*/y],
  ['format', /@[a-zA-Z0-9_]+/y],
  ['name', /[a-zA-Z_][a-zA-Z0-9_]*(?:::[a-zA-Z_][a-zA-Z0-9_]*)*/y],
];

const symbols = /\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.[\]{}()|,:;=<>+\-*/%?$]/y;
