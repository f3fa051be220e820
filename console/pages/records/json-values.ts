/**
 * Takes texts of JSON values apart as they come: values behind each other (NDJSON, with or without line
 * ends), or the items of an array. What is found is the values' own text, so that numbers keep all their
 * digits; white space between tokens is left out of what is written over several lines.
 */
export class JsonValues {
  #depth = 0;
  #isInArray: boolean | undefined;
  #isInText = false;
  #isEscaped = false;
  #value = '';

  /** The values that are complete with this piece of text. */
  push(piece: string): string[] {
    const values: string[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at]!;
      if (this.#isInText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (character === '\\') this.#isEscaped = true;
        else if (character === '"') this.#isInText = false;
        continue;
      }
      if (character === '"') this.#isInText = true;
      else if (character === '[' || character === '{') {
        if (this.#isInArray === undefined) this.#isInArray = character === '[';
        this.#depth++;
        if (this.#depth === 1 && this.#isInArray) from = at + 1;
      } else if (character === ']' || character === '}') {
        this.#depth--;
        if (this.#depth === this.#base - 1) {
          this.#finish(piece.slice(from, at), values);
          this.#isInArray = undefined;
          from = at + 1;
        } else if (this.#depth === 0 && !this.#isInArray) {
          this.#finish(piece.slice(from, at + 1), values);
          this.#isInArray = undefined;
          from = at + 1;
        }
      } else if (this.#depth === this.#base && this.#endsValue(character)) {
        this.#finish(piece.slice(from, at), values);
        from = at + 1;
      }
    }
    this.#value += piece.slice(from);
    return values;
  }

  /** The last value, where there is one; undefined where all were complete. It may be no JSON. */
  end(): string | undefined {
    const rest = this.#value.trim();
    this.#value = '';
    return rest === '' ? undefined : rest;
  }

  /** How deep values lie: within an array that is around all of them, or not. */
  get #base(): number {
    return this.#isInArray ? 1 : 0;
  }

  #endsValue(character: string): boolean {
    return character === ',' || (!this.#isInArray && /\s/.test(character));
  }

  #finish(piece: string, values: string[]): void {
    const value = onOneLine((this.#value + piece).trim());
    this.#value = '';
    if (value !== '') values.push(value);
  }
}

/** A value without the white space outside of texts, where there are line ends in it; else as it is. */
function onOneLine(value: string): string {
  if (!/[\r\n]/.test(value)) return value;
  return value.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, (_, text: string | undefined) => text ?? '');
}
