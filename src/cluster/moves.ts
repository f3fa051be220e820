import type { Millis } from '../env/clock.ts';
import type { Member } from './members.ts';
import { fallsTo } from './rank.ts';

/**
 * Which of the shared duties that a member has are to move to another one: those that fall to it, once nobody
 * has come or gone for a while. To each it is offered once: who does not take it may not want it.
 */
export class Moves {
  readonly #self: Member;
  /** To whom, by id. */
  readonly #offered = new Map<string, string>();
  /** When it was handed over; undefined while it is to be. */
  readonly #moving = new Map<string, Millis | undefined>();
  #live: readonly Member[] = [];
  #lookAt: Millis = 0;

  constructor(self: Member) {
    this.#self = self;
  }

  /** Looks at what the member has, now and then. Answers what is to move besides. */
  look(had: () => readonly string[], live: readonly Member[], now: Millis): readonly string[] {
    if (live !== this.#live) {
      this.#live = live;
      this.#offered.clear();
      this.#lookAt = now + steadyMs;
    }
    if (now < this.#lookAt || live.length < 2) return [];
    this.#lookAt = now + lookAgainMs;
    return had().filter((name) => this.#isOffered(name, fallsTo(name, live)!));
  }

  /** Whether the member has to end what it does by a duty. */
  isToMove(name: string): boolean {
    return this.#moving.has(name) && !this.isHandedOver(name);
  }

  isHandedOver(name: string): boolean {
    return this.#moving.get(name) !== undefined;
  }

  handOver(name: string, now: Millis): void {
    if (this.#moving.has(name)) this.#moving.set(name, now);
  }

  /** Whether the one that it was handed over to may take it still, and nobody else. */
  isOnItsWay(name: string, now: Millis): boolean {
    const at = this.#moving.get(name);
    return at !== undefined && now - at < handedMs;
  }

  /** Another one has it by now, or nobody has taken it. */
  end(name: string): void {
    this.#moving.delete(name);
  }

  /** Offers it to the member that it falls to, if that is to be. */
  #isOffered(name: string, { id }: Member): boolean {
    if (id === this.#self.id || this.#moving.has(name) || this.#offered.get(name) === id) return false;
    this.#offered.set(name, id);
    this.#moving.set(name, undefined);
    return true;
  }
}

/** Who comes and goes at once moves nothing. */
const steadyMs: Millis = 10_000;

/** Duties may have been taken meanwhile by others than those that they fall to. */
const lookAgainMs: Millis = 30_000;

/** Members look after duties once a second. */
const handedMs: Millis = 3_000;
