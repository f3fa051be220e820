/**
 * The newest records of a tail, as the texts in which they came: whoever draws a row reads its text then, so
 * that thousands a second cost no more than the rows that are seen. Places are counted from the first record
 * that was ever received, and stay what they are when older records are let go.
 */
export class TailBuffer {
  readonly #recordsMax: number;
  readonly #charactersMax: number;
  #texts: string[] = [];
  /** Where the first that is held lies in `#texts`; what lies before it is forgotten now and then. */
  #skipped = 0;
  #characters = 0;
  #received = 0;

  constructor({
    recordsMax,
    charactersMax,
  }: { readonly recordsMax: number; readonly charactersMax: number }) {
    this.#recordsMax = recordsMax;
    this.#charactersMax = charactersMax;
  }

  /** Records that came since the buffer was made or emptied. */
  get received(): number {
    return this.#received;
  }

  /** The place of the oldest record that is held: so many were let go to make room. */
  get first(): number {
    return this.#received - (this.#texts.length - this.#skipped);
  }

  /** The place after the newest. */
  get end(): number {
    return this.#received;
  }

  /** Whether one more record would cost another one its place. */
  get isFull(): boolean {
    return this.end - this.first >= this.#recordsMax || this.#characters >= this.#charactersMax;
  }

  /**
   * Adds the newest. With `keepAll` none is let go, and it is the caller's to stop once the buffer is full.
   */
  push(text: string, keepAll: boolean): void {
    this.#texts.push(text);
    this.#characters += text.length;
    this.#received++;
    if (!keepAll) this.#letGo();
  }

  /** The record at a place of `first..end`. */
  at(place: number): string | undefined {
    return place < this.first ? undefined : this.#texts[place - this.first + this.#skipped];
  }

  clear(): void {
    this.#texts = [];
    this.#skipped = 0;
    this.#characters = 0;
    this.#received = 0;
  }

  #letGo(): void {
    while (this.#isOver()) {
      this.#characters -= this.#texts[this.#skipped]!.length;
      this.#texts[this.#skipped++] = '';
    }
    // Moving what is held costs as much as it is long, so it is moved once for as many that were let go.
    if (this.#skipped > this.#recordsMax) {
      this.#texts.splice(0, this.#skipped);
      this.#skipped = 0;
    }
  }

  #isOver(): boolean {
    const held = this.#texts.length - this.#skipped;
    return held > this.#recordsMax || (held > 1 && this.#characters > this.#charactersMax);
  }
}
