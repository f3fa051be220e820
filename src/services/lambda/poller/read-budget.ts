/** What all mappings hold of records that were read and are not done, in bytes. */
export class ReadBudget {
  readonly #bytesMax: number;
  readonly #pressed = new Set<() => void>();
  #bytes = 0;

  constructor(bytesMax = readAheadBytesMax) {
    this.#bytesMax = bytesMax;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#bytesMax;
  }

  take(bytes: number): void {
    const wasFull = this.isFull;
    this.#bytes += bytes;
    if (!wasFull && this.isFull) this.#announce();
  }

  free(bytes: number): void {
    const wasFull = this.isFull;
    this.#bytes -= bytes;
    if (wasFull && !this.isFull) this.#announce();
  }

  /** Has it told when it becomes full, or is not any more, until it is disposed of. */
  watch(changed: () => void): Disposable {
    this.#pressed.add(changed);
    return { [Symbol.dispose]: () => this.#pressed.delete(changed) };
  }

  #announce(): void {
    for (const changed of [...this.#pressed]) changed();
  }
}

/** A lane that has nothing reads on, however much is held: 64 KiB at a time, or a batch. */
const readAheadBytesMax = 64 * 1024 * 1024;
