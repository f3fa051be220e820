/** Callers that wait until something about a log has changed. */
export class Condition {
  readonly #waiting = new Set<() => void>();

  /** Resolves once `reached` holds, asked at every `announce`, or the signal is aborted. Never rejects. */
  async until(reached: () => boolean, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !reached()) await this.#announced(signal);
  }

  /** Has all callers that wait look again. */
  announce(): void {
    if (this.#waiting.size > 0) for (const wake of [...this.#waiting]) wake();
  }

  #announced(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
