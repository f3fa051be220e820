import type { Call } from './linearizability.ts';

/**
 * What clients of tables did and were told, written down without judgement, as `Model` has it for streams.
 * Nothing here knows how the server keeps tables.
 */

/** The item of a lease, as far as the workload gives it a meaning. Undefined: there is none. */
export type Lease = {
  readonly owner: string;
  /** Each change of hands and each heartbeat adds one, as KCL does it. */
  readonly counter: number;
  /** Names the write that put it there. */
  readonly checkpoint: string;
};

export type LeaseAction =
  | { readonly kind: 'create'; readonly lease: Lease }
  /** On condition of the counter. */
  | { readonly kind: 'take'; readonly worker: string; readonly counter: number }
  /** On condition of counter and owner. */
  | { readonly kind: 'renew'; readonly worker: string; readonly counter: number }
  | { readonly kind: 'checkpoint'; readonly worker: string; readonly counter: number; readonly to: string }
  | { readonly kind: 'delete'; readonly counter: number }
  | { readonly kind: 'read' };

/** `seen` is the item that the answer showed: after the action if it was done, as it was if refused. */
export type LeaseResult = {
  readonly kind: 'done' | 'refused';
  readonly seen?: { readonly lease: Lease | undefined };
};

/** An action that may not happen is in no history: a call that ended in an error is taken for undone. */
export type LeaseCall = Call<LeaseAction, LeaseResult>;

/** One request that adds to counters: each says who it was in a set beside the number. */
export type Addition = {
  readonly id: string;
  /** By how much each counter grows. All of them, or none: together they are one transaction. */
  readonly amounts: Readonly<Record<string, number>>;
  readonly sent: number;
  outcome: 'unknown' | 'refused' | 'done';
  /** When the outcome was known. */
  answered?: number;
};

/** A counter as it was read when nothing changed it any more. */
export type CounterView = { readonly total: number; readonly ids: readonly string[] };

export class TablesModel {
  readonly leases = new Map<string, LeaseCall[]>();
  readonly additions: Addition[] = [];
  /** The last word on every counter that is there. Undefined where nobody could look. */
  counters: ReadonlyMap<string, CounterView> | undefined;
  /** When each table was certainly there. */
  readonly made = new Map<string, number>();
  /** The order of what clients noticed: `Model` has it too, and then it is the same one. */
  readonly moment: () => number;
  #ids = 0;

  constructor(moment: () => number = counter()) {
    this.moment = moment;
  }

  /** A name that nothing else has. */
  id(): string {
    return `t${this.#ids++}`;
  }

  note(lease: string, call: LeaseCall): void {
    const calls = this.leases.get(lease);
    if (calls === undefined) this.leases.set(lease, [call]);
    else calls.push(call);
  }

  addition(amounts: Addition['amounts']): Addition {
    const addition: Addition = { id: this.id(), amounts, sent: this.moment(), outcome: 'unknown' };
    this.additions.push(addition);
    return addition;
  }

  /** Notes what came of an addition, unless no answer came. */
  answer(addition: Addition, outcome: Addition['outcome']): void {
    if (outcome === 'unknown') return;
    addition.outcome = outcome;
    addition.answered = this.moment();
  }

  /**
   * What clients knew before a moment. What was sent by then and answered later may have been done or not;
   * what was sent later never was.
   */
  before(moment: number): TablesModel {
    const past = new TablesModel(this.moment);
    for (const [name, at] of this.made) if (at < moment) past.made.set(name, at);
    for (const [name, calls] of this.leases) {
      const sent = calls.filter((call) => call.sent < moment);
      const known = sent.map((call) =>
        call.answered !== undefined && call.answered.at < moment ? call : { ...call, answered: undefined },
      );
      past.leases.set(name, known);
    }
    for (const addition of this.additions) {
      if (addition.sent >= moment) continue;
      const isKnown = addition.answered !== undefined && addition.answered < moment;
      past.additions.push(isKnown ? addition : { ...addition, outcome: 'unknown' });
    }
    return past;
  }

  /** How many writes were acknowledged. */
  get acknowledged(): number {
    let count = this.additions.filter(({ outcome }) => outcome === 'done').length;
    for (const calls of this.leases.values())
      count += calls.filter(
        ({ action, answered }) => action.kind !== 'read' && answered?.result.kind === 'done',
      ).length;
    return count;
  }
}

function counter(): () => number {
  let now = 0;
  return () => ++now;
}
