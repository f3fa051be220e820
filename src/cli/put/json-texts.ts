import { StringDecoder } from 'node:string_decoder';
import { StartError } from '../../env/start-error.ts';

/**
 * The JSON values in a text, one after the other with blanks between, as their texts; of a list its items.
 * They are found by where they end, so a text may be longer than memory. Rejects with `StartError` for what
 * is no JSON.
 */
export async function* jsonTexts(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  const finder = new ValueFinder();
  for await (const piece of bytes) yield* checked(finder.find(decoder.write(Buffer.from(piece))), name);
  yield* checked(finder.find(decoder.end()), name);
  const rest = finder.rest();
  if (rest !== '') yield* checked([rest], name);
  if (finder.isOpen) throw new StartError(`${name} ends within a list`);
}

function* checked(texts: Iterable<string>, name: string): Generator<string> {
  for (const text of texts) {
    try {
      JSON.parse(text);
    } catch (error) {
      throw new StartError(`${name} has what is no JSON: ${text.slice(0, 60)}`, { cause: error });
    }
    yield text;
  }
}

/** Knows brackets and texts, and so where values end. */
class ValueFinder {
  #text = '';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether all of it is a list, whose items count. */
  #isList: boolean | undefined;
  #isOver = false;

  get isOpen(): boolean {
    return this.#isList === true && !this.#isOver;
  }

  /** What is left at the end: a value that nothing ended. */
  rest(): string {
    return this.#isList ? '' : this.#text.trim();
  }

  *find(piece: string): Generator<string> {
    for (const character of piece) {
      if (this.#isList === undefined) {
        if (/\s|\ufeff/.test(character)) continue;
        this.#isList = character === '[';
        if (this.#isList) continue;
      }
      const value = this.#take(character);
      if (value !== undefined && value !== '') yield value;
    }
  }

  /** The value that a character ends. */
  #take(character: string): string | undefined {
    if (this.#isInString) {
      this.#text += character;
      this.#isInString = this.#isEscaped || character !== '"';
      this.#isEscaped = character === '\\' && !this.#isEscaped;
      return undefined;
    }
    const isOutside = this.#depth === 0;
    if (isOutside && this.#isList && (character === ',' || character === ']')) {
      if (character === ']') this.#isOver = true;
      return this.#end();
    }
    if (isOutside && !this.#isList && /\s/.test(character)) return this.#end();
    this.#text += character;
    if (character === '"') this.#isInString = true;
    if (character === '{' || character === '[') this.#depth++;
    if (character === '}' || character === ']') this.#depth--;
    return undefined;
  }

  #end(): string {
    const text = this.#text.trim();
    this.#text = '';
    return text;
  }
}
