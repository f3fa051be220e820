import assert from 'node:assert/strict';

/** The part of Java's regular expressions in AWS's models. A symbol is one of ASCII, or all the rest. */
export type Expression =
  | { readonly kind: 'set'; has(symbol: number): boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly min: number; readonly max: number };

export function parseExpression(text: string): Expression {
  const parser = new Parser(text.replace(/^\^/, '').replace(/\$$/, ''));
  const expression = parser.choice();
  assert(parser.isFinished, `pattern ${text} has a form that is not known`);
  return expression;
}

type SymbolSet = (symbol: number) => boolean;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isFinished(): boolean {
    return this.#at === this.#text.length;
  }

  choice(): Expression {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    while (!this.isFinished && !'|)'.includes(this.#text[this.#at]!)) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Expression {
    const part = this.#single();
    if (this.#take('*')) return { kind: 'repeat', part, min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { kind: 'repeat', part, min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { kind: 'repeat', part, min: 0, max: 1 };
    const counts = /^\{(\d+)(,?)(\d*)\}/.exec(this.#text.slice(this.#at));
    if (counts === null) return part;
    this.#at += counts[0].length;
    const min = Number(counts[1]);
    const unlimited = counts[3] === '' ? Number.POSITIVE_INFINITY : Number(counts[3]);
    return { kind: 'repeat', part, min, max: counts[2] === '' ? min : unlimited };
  }

  #single(): Expression {
    if (this.#take('(')) {
      this.#take('?:');
      const inner = this.choice();
      assert(this.#take(')'));
      return inner;
    }
    if (this.#take('[')) return { kind: 'set', has: this.#class() };
    // Java's dot leaves out line ends.
    if (this.#take('.')) return { kind: 'set', has: (symbol) => symbol !== 10 && symbol !== 13 };
    assert(!'^$*+?{'.includes(this.#text[this.#at]!), 'a special character has a meaning that is not known');
    return { kind: 'set', has: this.#character() };
  }

  #class(): SymbolSet {
    const negated = this.#take('^');
    const sets: SymbolSet[] = [];
    while (!this.#take(']')) {
      const first = this.#element();
      if (typeof first === 'function') {
        sets.push(first);
        continue;
      }
      const isRange = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
      if (isRange) this.#at++;
      const last = isRange ? this.#element() : first;
      assert(typeof last === 'number', 'a range ends with a character');
      sets.push(between(first, last));
    }
    return (symbol) => sets.some((set) => set(symbol)) !== negated;
  }

  #character(): SymbolSet {
    const element = this.#element();
    return typeof element === 'number' ? between(element, element) : element;
  }

  /** A character's code, or what an escape stands for. */
  #element(): number | SymbolSet {
    assert(!this.isFinished);
    const unicode = /^\\u([0-9A-Fa-f]{4})/.exec(this.#text.slice(this.#at));
    if (unicode !== null) {
      this.#at += unicode[0].length;
      return Number.parseInt(unicode[1]!, 16);
    }
    const escaped = this.#take('\\');
    const property = escaped ? /^p\{[A-Z]\}/.exec(this.#text.slice(this.#at))?.[0] : undefined;
    const name = property ?? this.#text[this.#at]!;
    this.#at += name.length;
    if (!escaped || !/^[a-zA-Z0-9]/.test(name)) return name.charCodeAt(0);
    const set = classes[name];
    assert(set !== undefined, `\\${name} is not known`);
    return set;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

/** A character that is not of ASCII is in a range that has any such. */
function between(first: number, last: number): SymbolSet {
  return (symbol) => Math.min(first, notAscii) <= symbol && symbol <= last;
}

/** What stands for all characters that are not of ASCII. */
export const notAscii = 128;

/**
 * As in Java, these cover ASCII only, but for Unicode's properties: those have all that is not of ASCII, so
 * that whoever uses them has to look closer.
 */
const classes: Record<string, SymbolSet> = {
  d: (symbol) => symbol >= 48 && symbol <= 57,
  s: (symbol) => symbol === 32 || (symbol >= 9 && symbol <= 13),
  S: (symbol) => symbol !== 32 && !(symbol >= 9 && symbol <= 13),
  w: (symbol) => /\w/.test(String.fromCharCode(symbol)),
  'p{L}': (symbol) => symbol === notAscii || /[a-zA-Z]/.test(String.fromCharCode(symbol)),
  'p{N}': (symbol) => symbol === notAscii || /\d/.test(String.fromCharCode(symbol)),
  'p{Z}': (symbol) => symbol === notAscii || symbol === 32,
};
