import { type Profiler, Session } from 'node:inspector';

/**
 * Which of the sources' code has run, as V8 counts it. Everything compiled meanwhile is slower, so it is for
 * long runs only.
 */
export class Coverage implements Disposable {
  readonly #session = new Session();
  /** By script and start of a function: for each character, whether it was ever run. */
  readonly #covered = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * How many characters of the sources ran since the last call that never ran before. With `isNoted` they
   * count as run from now on.
   */
  fresh(isNoted: boolean): number {
    let fresh = 0;
    // The answer comes at once: the session is of this very thread.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      for (const { url, functions } of answer.result) {
        if (!/\/src\//.test(url) || url.includes('node_modules')) continue;
        for (const { ranges } of functions) fresh += this.#freshIn(url, ranges, isNoted);
      }
    });
    return fresh;
  }

  /** How many characters of the sources ran at all. */
  get size(): number {
    return this.#covered
      .values()
      .reduce((sum, marks) => sum + marks.reduce((ones, mark) => ones + mark, 0), 0);
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  /** The first range is the function; those after it lie in one before, and say otherwise. */
  #freshIn(url: string, ranges: readonly Profiler.CoverageRange[], isNoted: boolean): number {
    const { startOffset: start, endOffset: end, count } = ranges[0]!;
    if (count === 0) return 0;
    const now = new Uint8Array(end - start).fill(1);
    for (const range of ranges) {
      now.fill(range.count === 0 ? 0 : 1, range.startOffset - start, range.endOffset - start);
    }
    const name = `${url}:${start}`;
    const before = this.#covered.get(name);
    if (before === undefined) {
      if (isNoted) this.#covered.set(name, now);
      return now.length;
    }
    let fresh = 0;
    for (let at = 0; at < now.length; at++) {
      if (now[at] === 0 || before[at] === 1) continue;
      if (isNoted) before[at] = 1;
      fresh += 1;
    }
    return fresh;
  }
}
