/** A map of at most so many entries. The least recently used goes first. */
export class Bounded<Key, Value> {
  readonly #max: number;
  /** The least recently used first. */
  readonly #entries = new Map<Key, Value>();
  /** The key used last: mostly it is the next one as well. */
  #latest: Key | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** To look something up is to use it. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && key !== this.#latest) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#latest = key;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value!);
  }
}
