/** A broker from its start to its end. What reaches it while it is paused happens when it goes on. */
export class Life {
  readonly #held: (() => void)[] = [];
  #isPaused = false;
  #isOver = false;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  run(action: () => void): void {
    if (this.#isOver) return;
    if (this.#isPaused) this.#held.push(action);
    else action();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused && !this.#isOver && this.#held.length > 0) this.#held.shift()!();
  }

  end(): void {
    this.#isOver = true;
    this.#held.length = 0;
  }
}
