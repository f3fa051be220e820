import type { Offset } from '../kinesis/record.ts';

/** What the log has said, and between which others it was said last. */
export type Aged<Fact> = {
  /** The latest record that says it. */
  readonly said: Offset;
  older: Fact | undefined;
  newer: Fact | undefined;
};

/** Facts by when they were said last: any of them is added and removed in a few steps. */
export class ByAge<Fact extends Aged<Fact>> {
  oldest: Fact | undefined;
  #newest: Fact | undefined;

  /** The fact was said later than all others. */
  add(fact: Fact): void {
    fact.older = this.#newest;
    fact.newer = undefined;
    if (this.#newest === undefined) this.oldest = fact;
    else this.#newest.newer = fact;
    this.#newest = fact;
  }

  remove({ older, newer }: Fact): void {
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
