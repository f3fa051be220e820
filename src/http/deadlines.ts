import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { Chain, type Link } from './chain.ts';

/**
 * Ends what clients take too long for. All deadlines are looked at once a second, so an end may come that
 * much late.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #set = new Chain<Deadline>();
  readonly #closed = new AbortController();

  /** `failed` is called with what an end throws; the other deadlines are not affected. */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
    detached(this.#watch(), unthinkable);
  }

  /** Calls its end after `delay`, unless it is deleted first, or added again. */
  add(deadline: Deadline, delay: Millis): void {
    deadline.due = this.#clock.monotonic() + delay;
    if (!deadline.isLinked) this.#set.add(deadline);
  }

  delete(deadline: Deadline): void {
    this.#set.delete(deadline);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const now = this.#clock.monotonic();
      for (const deadline of this.#dueBy(now)) this.#expire(deadline, now);
      await this.#clock.sleep(intervalMs, this.#closed.signal);
    }
  }

  #dueBy(now: Millis): Deadline[] {
    const found: Deadline[] = [];
    for (let deadline = this.#set.first; deadline !== undefined; deadline = deadline.next) {
      if (deadline.due <= now) found.push(deadline);
    }
    return found;
  }

  /** The end of another deadline may have deleted it or put it off meanwhile. */
  #expire(deadline: Deadline, now: Millis): void {
    if (deadline.due > now || !this.#set.delete(deadline)) return;
    try {
      deadline.end();
    } catch (error) {
      this.#failed(error);
    }
  }
}

/**
 * Something that a client has limited time for: `end` is called when that is over. The same deadline can be
 * added again and again.
 */
export class Deadline implements Link<Deadline> {
  readonly end: () => void;
  due: Millis = 0;
  isLinked = false;
  previous: Deadline | undefined;
  next: Deadline | undefined;

  constructor(end: () => void) {
    this.end = end;
  }
}

const intervalMs = 1000;
