/** Integers of 32 bits in a row, as many as come. */
export class GrowingIntegers {
  #values = new Int32Array(32);
  length = 0;

  get heldBytes(): number {
    return this.#values.byteLength;
  }

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow();
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** Those that are there. What is added later may move them elsewhere. */
  view(): Int32Array {
    return this.#values.subarray(0, this.length);
  }

  /** Forgets all of them, and the memory of very many. */
  clear(): void {
    this.length = 0;
    if (this.#values.length > integersKept) this.#values = new Int32Array(32);
  }

  #grow(): void {
    const longer = new Int32Array(this.#values.length * 2);
    longer.set(this.#values);
    this.#values = longer;
  }
}

const integersKept = 65_536;
