import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';

/**
 * Ends what clients take too long for. All deadlines are looked at once a second, so an end may come that
 * much late; while there are none, nothing wakes up.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #set = new Chain<Deadline>();
  readonly #closed = new AbortController();
  #isWatching = false;

  /** `failed` is called with what an end throws; the other deadlines are not affected. */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Calls its end after `delay`, unless it is deleted first, or added again. */
  add(deadline: Deadline, delay: Millis): void {
    deadline.due = this.#clock.monotonic() + delay;
    if (!deadline.isLinked) this.#set.add(deadline);
    if (!this.#isWatching) detached(this.#watch(), unthinkable);
  }

  delete(deadline: Deadline): void {
    this.#set.delete(deadline);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    while (this.#set.first !== undefined) {
      await this.#clock.sleep(intervalMs, this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      const now = this.#clock.monotonic();
      for (const deadline of this.#dueBy(now)) this.#expire(deadline, now);
    }
    this.#isWatching = false;
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

/**
 * Members in the order in which they were added, each of which knows its neighbours. For what comes and goes
 * with every request: a Set or Map makes a new table again and again, and each old table points to the next
 * one. Once one is in V8's old space, no minor collection frees those after it, nor their contents: 8 MB a
 * second with every thread under attack, until a major collection.
 */
export class Chain<Member extends Link<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;

  get first(): Member | undefined {
    return this.#first;
  }

  /** Adds a member, which is in no chain, at the end. */
  add(member: Member): void {
    member.isLinked = true;
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  /** Answers whether it was there. It no longer refers to its neighbours. */
  delete(member: Member): boolean {
    if (!member.isLinked) return false;
    const { previous, next } = member;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.isLinked = false;
    member.previous = undefined;
    member.next = undefined;
    return true;
  }
}

/** What can be in one chain at a time. */
export type Link<Member> = {
  isLinked: boolean;
  previous: Member | undefined;
  next: Member | undefined;
};
