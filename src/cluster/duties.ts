import { createHash } from 'node:crypto';
import type { Clock, Millis } from '../env/clock.ts';
import type { Journal } from '../journal/journal.ts';
import { Changes } from './changes.ts';
import { dutiesMax } from './cluster-machine.ts';
import type { ClusterState, DutyState } from './cluster-state.ts';
import type { ClusterEdit } from './edit.ts';
import type { Lease } from './lease.ts';
import type { Duty, Member } from './members.ts';
import type { Membership } from './membership.ts';

export type DutiesWorld = {
  readonly journal: Journal<ClusterState, ClusterEdit>;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly membership: Membership;
};

/** A member lets the one that a duty falls to take it first, so that not all are with whoever is quickest. */
const politenessMs: Millis = 500;

/** Whoever wants a duty has taken it long before, or its lease is over. */
const forgottenAfterMs: Millis = 60_000;

/**
 * Duties of the cluster. A member has one until it leaves; the lease that its heartbeats renew is that of its
 * duties too: it does none of them any more before anyone can take it for gone.
 */
export class Duties {
  readonly #world: DutiesWorld;
  readonly #wanted = new Map<string, JournalledDuty>();
  /** Since when those of them are seen to be free that are. */
  readonly #free = new Map<string, Millis>();
  /** The same of all, for what is forgotten. */
  #unclaimed: ReadonlyMap<string, Millis> = new Map();

  constructor(world: DutiesWorld) {
    this.#world = world;
  }

  /** A duty that this member takes when nobody has it. */
  duty(name: string): Duty {
    const known = this.#wanted.get(name) ?? new JournalledDuty(this.#world, name);
    this.#wanted.set(name, known);
    return known;
  }

  /**
   * Does not take a duty any more, and lets go of it when it is its holder: what it did by it has ended.
   * Others that want it have it then.
   */
  letGo(name: string): void {
    this.#wanted.delete(name);
    this.#free.delete(name);
  }

  /** Called when the journal has grown. */
  see(): void {
    for (const duty of this.#wanted.values()) duty.see();
  }

  /**
   * Takes what nobody has, when it falls to this member or nobody else comes, and frees what it does not want
   * any more.
   */
  async settle(): Promise<void> {
    const { journal, clock, membership, lease } = this.#world;
    const now = clock.monotonic();
    const due = [...this.#wanted.keys()].filter((name) => this.#isDue(name, now));
    const { own } = membership;
    if (own === undefined || !lease.isValid) return;
    const { number: member } = own;
    if (due.length === 0 && this.#excess(journal.state, member).length === 0) return;
    await journal.commit((state) => {
      if (!state.members.has(member)) return [];
      const yielded = this.#excess(state, member).map((duty) => ({ kind: 'yielded', duty, member }) as const);
      const taken = takeable(state, due).map((duty) => ({ kind: 'claimed', duty, member }) as const);
      return [...yielded, ...taken];
    });
  }

  /** Forgets duties that have been free for so long that nobody can want them. For one member to do. */
  async forget(): Promise<void> {
    const { journal, clock } = this.#world;
    const now = clock.monotonic();
    const unclaimed = [...journal.state.duties].filter(([, { holder }]) => holder === undefined);
    const since = new Map(unclaimed.map(([name]) => [name, this.#unclaimed.get(name) ?? now]));
    this.#unclaimed = since;
    const names = [...since].filter(([, at]) => now - at >= forgottenAfterMs).map(([name]) => name);
    if (names.length === 0) return;
    await journal.commit(({ duties }) =>
      names
        .filter((name) => duties.has(name) && duties.get(name)!.holder === undefined)
        .map((duty) => ({ kind: 'duty-forgotten', duty })),
    );
  }

  /** What this member holds, and does not want. */
  #excess({ duties }: ClusterState, member: number): string[] {
    return [...duties]
      .filter(([name, { holder }]) => holder === member && !this.#wanted.has(name))
      .map(([name]) => name);
  }

  #isDue(name: string, now: Millis): boolean {
    const { journal, membership } = this.#world;
    if (journal.state.duties.get(name)?.holder !== undefined) {
      this.#free.delete(name);
      return false;
    }
    const since = this.#free.get(name) ?? now;
    this.#free.set(name, since);
    return fallsTo(name, membership.live()) === membership.self || now - since >= politenessMs;
  }
}

/** Those that nobody has by a state; of new ones as many as there is room for. */
function takeable({ duties }: ClusterState, due: readonly string[]): string[] {
  const free = due.filter((name) => duties.get(name)?.holder === undefined);
  const known = free.filter((name) => duties.has(name));
  const fresh = free.filter((name) => !duties.has(name));
  return [...known, ...fresh.slice(0, Math.max(0, dutiesMax - duties.size))];
}

/** Whom of some something falls to: each gets its share, and others keep theirs when one comes or goes. */
function fallsTo(name: string, members: readonly Member[]): Member | undefined {
  const weights = members.map((member) => createHash('md5').update(`${name}\0${member.id}`).digest('hex'));
  const most = weights.reduce((one, other) => (one > other ? one : other), '');
  return members[weights.indexOf(most)];
}

class JournalledDuty implements Duty {
  readonly #world: DutiesWorld;
  readonly #name: string;
  readonly #changes = new Changes();
  #seen: DutyState | undefined;

  constructor(world: DutiesWorld, name: string) {
    this.#world = world;
    this.#name = name;
    this.#seen = this.#state;
  }

  isOurs(): boolean {
    const { membership, lease } = this.#world;
    return this.holder()?.id === membership.self.id && lease.isValid;
  }

  holder(): Member | undefined {
    const holder = this.#state?.holder;
    return holder === undefined ? undefined : this.#world.journal.state.members.get(holder)?.as;
  }

  get number(): number {
    return this.#state?.number ?? 0;
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal);
  }

  see(): void {
    if (this.#seen === this.#state) return;
    this.#seen = this.#state;
    this.#changes.announce();
  }

  get #state(): DutyState | undefined {
    return this.#world.journal.state.duties.get(this.#name);
  }
}
