import { type BodyBudget, budgetBytes, strangersBytes } from './body.ts';

/**
 * What a client has sent ahead of its turn on one connection: the requests behind the one that is answered.
 * Their sender was not looked at, so they count in the memory of strangers.
 */
export class Pipelined {
  readonly #budget: BodyBudget;
  /** Bytes of the budget. */
  #taken = 0;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  /** Counts bytes that wait, until they are released. False when strangers hold too much already. */
  hold(bytes: number): boolean {
    const more = copies * bytes - this.#taken;
    if (more <= 0) return true;
    if (!this.#budget.take(more, budgetBytes - strangersBytes)) return false;
    this.#taken += more;
    return true;
  }

  /** None wait any more. Repeating it is harmless. */
  release(): void {
    this.#budget.give(this.#taken);
    this.#taken = 0;
  }
}

/** Node reads as much again of a connection that pauses before it stops. */
const copies = 2;
