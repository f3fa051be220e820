import { strict as assert } from 'node:assert';

/** First in, first out, with a look at each. */
export class Queue<T> {
  #items: T[] = [];
  #begin = 0;

  get size(): number {
    return this.#items.length - this.#begin;
  }

  get first(): T | undefined {
    return this.#items[this.#begin];
  }

  get last(): T | undefined {
    return this.size === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  at(index: number): T | undefined {
    return this.#items[this.#begin + index];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    assert(this.size > 0);
    const item = this.#items[this.#begin]!;
    // What is left behind would be kept alive.
    this.#items[this.#begin++] = undefined as T;
    if (this.#begin * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#begin);
      this.#begin = 0;
    }
    return item;
  }
}
