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
      const first = this.#text.charCodeAt(this.#at);
      const escaped = this.#text[this.#at] === '\\';
      const set = this.#character();
      const ranges = !escaped && this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
      if (ranges) {
        const last = this.#text.charCodeAt(this.#at + 1);
        this.#at += 2;
        sets.push((symbol) => first <= symbol && symbol <= last);
      } else {
        sets.push(set);
      }
    }
    return (symbol) => sets.some((set) => set(symbol)) !== negated;
  }

  #character(): SymbolSet {
    assert(!this.isFinished);
    const escaped = this.#take('\\');
    const character = this.#text[this.#at++]!;
    const code = character.charCodeAt(0);
    if (!escaped || !/[a-zA-Z0-9]/.test(character)) return (symbol) => symbol === code;
    const set = classes[character];
    assert(set !== undefined, `\\${character} is not known`);
    return set;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

/** As in Java, these cover ASCII only. */
const classes: Record<string, SymbolSet> = {
  d: (symbol) => symbol >= 48 && symbol <= 57,
  s: (symbol) => symbol === 32 || (symbol >= 9 && symbol <= 13),
  S: (symbol) => symbol !== 32 && !(symbol >= 9 && symbol <= 13),
  w: (symbol) => /\w/.test(String.fromCharCode(symbol)),
};
