import { Condition } from '../log/condition.ts';

/** Callers that wait for the next change of something. */
export class Changes {
  readonly #condition = new Condition();
  #count = 0;

  announce(): void {
    this.#count += 1;
    this.#condition.announce();
  }

  /** Resolves at the next change after the call, or when the signal is aborted. Never rejects. */
  next(signal: AbortSignal): Promise<void> {
    const before = this.#count;
    return this.#condition.until(() => this.#count !== before, signal);
  }
}
