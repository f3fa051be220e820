/** Whoever changes a file waits for those who came before. */
export class FileTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Resolves, or rejects, as `work` does, which begins when all earlier work at the path has ended. */
  async take<T>(path: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(path);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(path, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(path) === mine) this.#last.delete(path);
    }
  }
}
