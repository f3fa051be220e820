import { detached, unthinkable } from '../../env/detached.ts';
import { nodeClock } from '../../env/node-clock.ts';

/**
 * Shows other threads that one still takes its turns: it writes the second that it is, and they see how long
 * ago that was. The clock is the one that all threads of a process have in common; `performance.now()` has an
 * origin in each.
 */
export class Heartbeat {
  /** To be shared. */
  readonly memory: SharedArrayBuffer;
  readonly #seconds: Int32Array;
  readonly #now: () => number;

  constructor(memory = new SharedArrayBuffer(4), now = monotonicSeconds) {
    this.memory = memory;
    this.#seconds = new Int32Array(memory);
    this.#now = now;
  }

  /** Begins to beat, and answers what ends it. */
  start(): () => void {
    const ended = new AbortController();
    detached(this.#beatUntil(ended.signal), unthinkable);
    return () => ended.abort();
  }

  async #beatUntil(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.beat();
      await nodeClock.sleep(beatMs, ended);
    }
  }

  beat(): void {
    Atomics.store(this.#seconds, 0, this.#now());
  }

  /** False when the thread has done nothing for so long that it hangs, however busy the machine is. */
  get isAlive(): boolean {
    return this.#now() - Atomics.load(this.#seconds, 0) <= silenceSecondsMax;
  }
}

function monotonicSeconds(): number {
  return process.hrtime()[0];
}

const beatMs = 1_000;
const silenceSecondsMax = 10;
