import { Bounded } from '../env/bounded.ts';

/** The ids of the streams that were dropped last, so that a call that comes late finds nothing new. */
export class DroppedStreams {
  readonly #ids = new Bounded<string, true>(idsMax);

  add(stream: string): void {
    this.#ids.set(stream, true);
  }

  has(stream: string): boolean {
    return this.#ids.has(stream);
  }
}

/** More than are dropped while a call is under way. */
const idsMax = 10_000;
