/** How many workers there should be: one more, one less, or as many as there are. */
export type Change = 1 | 0 | -1;

/** How busy the threads are that take requests, and how many cores are idle; see `Pressure`. */
export type Look = { readonly busy: number; readonly idleCores: number };

/**
 * Says when one worker more pays, and when one less does. One more pays while the threads that take requests
 * have no time left and a core is free: a request that crosses threads costs more than one that does not. On
 * a machine that is busy otherwise, a second thread would only take from the first one, or from the clients.
 */
export class HeadCount {
  readonly #max: number;
  /** How many looks in a row have asked for one more. */
  #wanted = 0;
  #spared = 0;

  /** At most `max` workers. */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * To be asked once a second. `workers` is how many there are besides the owner, which takes requests as
   * well; `busy` is the mean of all of them.
   */
  after({ busy, idleCores }: Look, workers: number): Change {
    const isShort = busy >= busyEnough && idleCores >= coreFree && workers < this.#max;
    const isSpare = workers > 0 && (busy * (workers + 1)) / workers < quietEnough;
    this.#wanted = isShort ? this.#wanted + 1 : 0;
    this.#spared = isSpare ? this.#spared + 1 : 0;
    if (this.#wanted >= shortSeconds) return this.#say(1);
    if (this.#spared >= spareSeconds) return this.#say(-1);
    return 0;
  }

  #say(change: Change): Change {
    this.#wanted = 0;
    this.#spared = 0;
    return change;
  }
}

/** Below this, requests do not wait for a thread. */
const busyEnough = 0.85;

/**
 * A core for the worker, and something for what its calls cost the owner and the threads for files. So two
 * cores stay with one thread: with the clients beside them, a worker brought 1.28 of the rate of PutRecords,
 * and 0.93 of that of PutRecord at 1.07 of the CPU (bench/before-and-after.md).
 */
const coreFree = 1.2;

/** Where there are fewer cores, so many can never be idle beside a saturated thread. */
export const coresMin = Math.ceil(busyEnough + coreFree);

/** How busy the remaining threads would be with one less. */
const quietEnough = 0.4;

/** A burst is over by then. */
const shortSeconds = 3;

/** A thread takes a third of a second of CPU to start: one that is let go should not be needed soon. */
const spareSeconds = 60;
