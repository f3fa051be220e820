/**
 * A read that many wait for: at most one is under way, and at most one is to follow. Who asks is answered by
 * one that began afterwards, so all is in it that was true when they asked.
 */
export class SharedReads {
  readonly #read: () => Promise<void>;
  #underWay: Promise<void> | undefined;
  #following: Promise<void> | undefined;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Rejects as the read does. */
  next(): Promise<void> {
    if (this.#underWay === undefined) return this.#begin();
    this.#following ??= this.#underWay.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#following;
  }

  #begin(): Promise<void> {
    this.#following = undefined;
    const read = this.#read();
    this.#underWay = read;
    const end = () => {
      // By the time that this runs the next may have begun.
      if (this.#underWay === read) this.#underWay = undefined;
    };
    read.then(end, end);
    return read;
  }
}
