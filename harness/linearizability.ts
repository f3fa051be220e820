/** One operation of a history, on one object. */
export type Call<Action, Result> = {
  readonly action: Action;
  /** When it was sent, in any unit that rises. */
  readonly sent: number;
  /** What came of it, and when that was known. Undefined: no answer came, so it happened later, or never. */
  readonly answered: { readonly at: number; readonly result: Result } | undefined;
};

/** What the object is, as its specification says: states are never changed in place. */
export type Specification<State, Action, Result> = {
  readonly initial: State;
  /**
   * The state after an action that had this result, or any result where it is undefined. Undefined when an
   * action cannot have had it in this state.
   */
  after(state: State, action: Action, result: Result | undefined): State | undefined;
  /** One text for each state. */
  textOf(state: State): string;
};

/** A history has so many orders that they cannot all be tried, and none of those that were explains it. */
export class UndecidedError extends Error {
  override readonly name = 'UndecidedError';
}

/** Where a history stops making sense: the longest order that explains some of it, and what it leads to. */
export type Stuck<State, Action, Result> = {
  readonly explained: number;
  readonly state: State;
  readonly call: Call<Action, Result>;
};

/**
 * Whether some order explains a history: each operation at one instant between its sending and its answer,
 * those without an answer at any instant after, or never. Undefined when there is such an order. Throws
 * `UndecidedError` when too many orders are possible.
 *
 * The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), which remembers what it has
 * tried as Lowe does ("Testing for linearizability", 2017). A history is of one object: those of several are
 * explained apart.
 */
export function explain<State, Action, Result>(
  calls: readonly Call<Action, Result>[],
  specification: Specification<State, Action, Result>,
  triesMax = triesMaxUsual,
): Stuck<State, Action, Result> | undefined {
  return new Search(calls, specification, triesMax).run();
}

/** Some hundred bytes are remembered of each. */
const triesMaxUsual = 2_000_000;

/** The sending of a call, or its answer, in a list from which calls are taken once they have their place. */
type Event<Action, Result> = {
  readonly call: Call<Action, Result> | undefined;
  /** Of the call, in order of sending. */
  readonly index: number;
  readonly isAnswer: boolean;
  /** The answer, of a sending that has one. */
  answer: Event<Action, Result> | undefined;
  before: Event<Action, Result> | undefined;
  next: Event<Action, Result> | undefined;
};

type Placed<State, Action, Result> = {
  readonly sending: Event<Action, Result>;
  readonly before: State;
  readonly textBefore: string;
  readonly isIdle: boolean;
};

class Search<State, Action, Result> {
  readonly #specification: Specification<State, Action, Result>;
  readonly #triesMax: number;
  readonly #head: Event<Action, Result> = event(undefined, -1, false);
  readonly #tried = new Set<string>();
  /** The calls that have their place, in that order, each with the state before it. */
  readonly #placed: Placed<State, Action, Result>[] = [];
  /** A bit for each of them. */
  #places = 0n;
  #state: State;
  #text: string;
  /** Answers that are to be explained still. */
  #left: number;
  #longest: Stuck<State, Action, Result> | undefined;

  constructor(
    calls: readonly Call<Action, Result>[],
    specification: Specification<State, Action, Result>,
    triesMax: number,
  ) {
    this.#specification = specification;
    this.#triesMax = triesMax;
    this.#state = specification.initial;
    this.#text = specification.textOf(specification.initial);
    const events = eventsOf(calls);
    let last = this.#head;
    for (const each of events) {
      last.next = each;
      each.before = last;
      last = each;
    }
    this.#left = events.filter(({ isAnswer }) => isAnswer).length;
  }

  run(): Stuck<State, Action, Result> | undefined {
    let at = this.#head.next;
    while (this.#left > 0) {
      // Behind the last sending comes an answer, as long as there is one.
      const here = at!;
      if (here.isAnswer) {
        this.#note(here);
        const undone = this.#undo();
        if (undone === undefined) return this.#longest;
        at = undone.next;
      } else at = this.#place(here) ? this.#head.next : here.next;
    }
    return undefined;
  }

  /** Gives a call the next place, if it can have it and this was not tried. */
  #place(sending: Event<Action, Result>): boolean {
    const { call, index } = sending;
    const next = this.#specification.after(this.#state, call!.action, call!.answered?.result);
    if (next === undefined) return false;
    const text = this.#specification.textOf(next);
    const isIdle = text === this.#text;
    // What changes nothing and has no answer explains nothing.
    if (isIdle && sending.answer === undefined) return false;
    const places = this.#places | (1n << BigInt(index));
    const tried = `${places.toString(32)} ${text}`;
    if (this.#tried.has(tried)) return false;
    if (this.#tried.size === this.#triesMax)
      throw new UndecidedError(`more than ${this.#triesMax} orders are possible`);
    this.#tried.add(tried);
    this.#placed.push({ sending, before: this.#state, textBefore: this.#text, isIdle });
    this.#text = text;
    this.#places = places;
    this.#state = next;
    unlink(sending);
    if (sending.answer !== undefined) {
      unlink(sending.answer);
      this.#left--;
    }
    return true;
  }

  /**
   * Takes the last call from its place that may belong elsewhere, and those after it: one that changes
   * nothing is nowhere better than where it was first possible.
   */
  #undo(): Event<Action, Result> | undefined {
    for (let last = this.#placed.pop(); last !== undefined; last = this.#placed.pop()) {
      const { sending, before, textBefore, isIdle } = last;
      if (sending.answer !== undefined) {
        relink(sending.answer);
        this.#left++;
      }
      relink(sending);
      this.#places &= ~(1n << BigInt(sending.index));
      this.#state = before;
      this.#text = textBefore;
      if (!isIdle) return sending;
    }
    return undefined;
  }

  #note({ call }: Event<Action, Result>): void {
    const explained = this.#placed.length;
    if (this.#longest !== undefined && explained <= this.#longest.explained) return;
    this.#longest = { explained, state: this.#state, call: call! };
  }
}

function eventsOf<Action, Result>(calls: readonly Call<Action, Result>[]): Event<Action, Result>[] {
  const timed: { readonly at: number; readonly event: Event<Action, Result> }[] = [];
  for (const [index, call] of calls.toSorted((one, other) => one.sent - other.sent).entries()) {
    const sending = event(call, index, false);
    timed.push({ at: call.sent, event: sending });
    if (call.answered === undefined) continue;
    sending.answer = event(call, index, true);
    timed.push({ at: call.answered.at, event: sending.answer });
  }
  return timed.toSorted((one, other) => one.at - other.at).map((each) => each.event);
}

function event<Action, Result>(
  call: Call<Action, Result> | undefined,
  index: number,
  isAnswer: boolean,
): Event<Action, Result> {
  return { call, index, isAnswer, answer: undefined, before: undefined, next: undefined };
}

function unlink<Action, Result>({ before, next }: Event<Action, Result>): void {
  before!.next = next;
  if (next !== undefined) next.before = before;
}

/** Puts back what was taken out last of all that is out. */
function relink<Action, Result>(event: Event<Action, Result>): void {
  event.before!.next = event;
  if (event.next !== undefined) event.next.before = event;
}
