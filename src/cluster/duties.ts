import type { Clock, Millis } from '../env/clock.ts';
import type { Journal } from '../journal/journal.ts';
import { Changes } from './changes.ts';
import { dutiesMax } from './cluster-machine.ts';
import type { ClusterState, DutyState } from './cluster-state.ts';
import type { ClusterEdit } from './edit.ts';
import type { Lease } from './lease.ts';
import type { Duty, Member, SharedDuty } from './members.ts';
import type { Membership } from './membership.ts';
import { Moves } from './moves.ts';
import { fallsTo } from './rank.ts';

export type DutiesWorld = {
  readonly journal: Journal<ClusterState, ClusterEdit>;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly membership: Membership;
  /** Has `settle` called soon. */
  readonly nudge: () => void;
};

/** A member lets the one that a duty falls to take it first, so that not all are with whoever is quickest. */
const politenessMs: Millis = 500;

/** Whoever wants a duty has taken it long before, or its lease is over. */
const forgottenAfterMs: Millis = 60_000;

/**
 * Duties of the cluster. A member has one until it leaves, or until a shared one has moved; the lease that
 * its heartbeats renew is that of its duties too: it does none of them any more before anyone can take it for
 * gone.
 */
export class Duties {
  readonly #world: DutiesWorld;
  readonly #wanted = new Map<string, JournalledDuty>();
  /** Since when those of them are seen to be free that are. */
  readonly #free = new Map<string, Millis>();
  /** The same of all, for what is forgotten. */
  #unclaimed: ReadonlyMap<string, Millis> = new Map();
  /** Those of them that members share out. */
  readonly #shared = new Set<string>();
  readonly #moves: Moves;

  constructor(world: DutiesWorld) {
    this.#world = world;
    this.#moves = new Moves(world.membership.self);
  }

  /** A duty that this member takes when nobody has it. */
  duty(name: string): Duty {
    return this.#duty(name);
  }

  /** The same, which moves to the member that it falls to. */
  sharedDuty(name: string): SharedDuty {
    this.#shared.add(name);
    return this.#duty(name);
  }

  /**
   * Does not take a duty any more, and lets go of it when it is its holder: what it did by it has ended.
   * Others that want it have it then.
   */
  letGo(name: string): void {
    this.#wanted.delete(name);
    this.#free.delete(name);
    this.#shared.delete(name);
    this.#moves.end(name);
  }

  /** Called when the journal has grown. */
  see(): void {
    let isFreeForThisOne = false;
    for (const [name, duty] of this.#wanted) {
      if (duty.see() && duty.holder() === undefined) isFreeForThisOne ||= this.#isShareOfThisOne(name);
    }
    if (isFreeForThisOne) this.#world.nudge();
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
    this.#move(journal.state, member, now);
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

  #duty(name: string): JournalledDuty {
    const known = this.#wanted.get(name) ?? new JournalledDuty(this.#world, this.#moves, name);
    this.#wanted.set(name, known);
    return known;
  }

  #isShareOfThisOne(name: string): boolean {
    const { membership } = this.#world;
    return this.#shared.has(name) && fallsTo(name, membership.live()) === membership.self;
  }

  /** Has what falls to others move. */
  #move({ duties }: ClusterState, member: number, now: Millis): void {
    const had = () => [...this.#shared].filter((name) => duties.get(name)?.holder === member);
    const moved = this.#moves.look(had, this.#world.membership.live(), now);
    for (const name of moved) this.#wanted.get(name)!.announce();
  }

  /** What this member holds, and does not want, or has handed over. */
  #excess({ duties }: ClusterState, member: number): string[] {
    const unwanted = [...duties]
      .filter(([name, { holder }]) => holder === member && !this.#wanted.has(name))
      .map(([name]) => name);
    const isHandedOver = (name: string) =>
      this.#moves.isHandedOver(name) && duties.get(name)?.holder === member;
    return [...unwanted, ...[...this.#shared].filter(isHandedOver)];
  }

  #isDue(name: string, now: Millis): boolean {
    const { journal, membership } = this.#world;
    const holder = journal.state.duties.get(name)?.holder;
    if (holder !== undefined) {
      this.#free.delete(name);
      if (holder !== membership.own?.number) this.#moves.end(name);
      return false;
    }
    if (this.#moves.isOnItsWay(name, now)) return false;
    this.#moves.end(name);
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

class JournalledDuty implements SharedDuty {
  readonly #world: DutiesWorld;
  readonly #moves: Moves;
  readonly #name: string;
  readonly #changes = new Changes();
  #seen: DutyState | undefined;

  constructor(world: DutiesWorld, moves: Moves, name: string) {
    this.#world = world;
    this.#moves = moves;
    this.#name = name;
    this.#seen = this.#state;
  }

  isOurs(): boolean {
    const { membership, lease } = this.#world;
    if (this.#moves.isHandedOver(this.#name)) return false;
    return this.holder()?.id === membership.self.id && lease.isValid;
  }

  isToMove(): boolean {
    return this.#moves.isToMove(this.#name);
  }

  handOver(): void {
    this.#moves.handOver(this.#name, this.#world.clock.monotonic());
    this.#world.nudge();
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

  /** Answers whether it has another holder, or none. */
  see(): boolean {
    if (this.#seen === this.#state) return false;
    this.#seen = this.#state;
    this.#changes.announce();
    return true;
  }

  announce(): void {
    this.#changes.announce();
  }

  get #state(): DutyState | undefined {
    return this.#world.journal.state.duties.get(this.#name);
  }
}
