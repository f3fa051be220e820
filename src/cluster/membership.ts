import type { Clock, Millis } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import type { Journal } from '../journal/journal.ts';
import { UnavailableError } from '../log/log.ts';
import { Changes } from './changes.ts';
import { type ClusterState, type MemberState, memberOf } from './cluster-state.ts';
import type { Drains } from './drains.ts';
import type { ClusterEdit } from './edit.ts';
import { type Lease, type Moment, momentOf, patienceMs } from './lease.ts';
import type { Member, Members } from './members.ts';

export type MembershipWorld = {
  readonly journal: Journal<ClusterState, ClusterEdit>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly self: Member;
  readonly lease: Lease;
  readonly drains: Drains;
};

/** This gateway's heartbeats, and whether it hears of those of others. */
export class Membership implements Members {
  readonly self: Member;
  readonly #world: MembershipWorld;
  readonly #changes = new Changes();
  /** By number: how many heartbeats were seen, and since when it has been so many. */
  readonly #heard = new Map<number, { readonly beats: number; readonly at: Millis }>();
  #live: readonly Member[];

  constructor(world: MembershipWorld) {
    this.#world = world;
    this.self = world.self;
    this.#live = [world.self];
  }

  live(): readonly Member[] {
    return this.#live;
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal);
  }

  /** As the journal knows this member. */
  get own(): MemberState | undefined {
    return memberOf(this.#world.journal.state, this.self.id);
  }

  /**
   * Says that this gateway lives, and what it has drained. When it is not a member, or not any more, it
   * joins. Answers when that was sent. Rejects as `Journal.commit` does.
   */
  async beat(): Promise<Moment> {
    const { journal, clock, lease, drains } = this.#world;
    let sent: Moment = momentOf(clock);
    let closings = 0;
    await journal.commit((state) => {
      sent = momentOf(clock);
      closings = state.closings;
      const own = memberOf(state, this.self.id);
      if (own === undefined) {
        // What was granted to it before it was taken for gone nobody waits for.
        lease.end();
        return [{ kind: 'joined', member: state.nextMember, as: this.self }];
      }
      const { drained } = drains;
      const { number: member } = own;
      return [drained > own.drained ? { kind: 'beat', member, drained } : { kind: 'beat', member }];
    });
    // It was decided on all that was committed before, so that is applied by now, and so is the heartbeat.
    lease.grant(sent, closings);
    return sent;
  }

  /** Hears of what others have said: called when the journal has grown, and now and then. */
  hear(): void {
    const { journal, clock } = this.#world;
    const { members } = journal.state;
    const now = clock.monotonic();
    for (const { number, beats } of members.values()) {
      if (this.#heard.get(number)?.beats !== beats) this.#heard.set(number, { beats, at: now });
    }
    for (const number of this.#heard.keys()) if (!members.has(number)) this.#heard.delete(number);
    const silent = new Set(this.#silent(now).map(({ number }) => number));
    const live = [...members.values()].filter(
      ({ number, as }) => !silent.has(number) && as.id !== this.self.id,
    );
    this.#show([this.self, ...live.map(({ as }) => as)].sort((one, other) => (one.id < other.id ? -1 : 1)));
  }

  /**
   * Removes those that were not heard of for so long that their leases are over. Who has no lease itself may
   * not have heard anything, and removes nobody.
   */
  async removeSilent(): Promise<void> {
    const { journal, clock, logger, lease } = this.#world;
    if (!lease.isValid) {
      this.#heard.clear();
      return;
    }
    for (const { number, beats, as } of this.#silent(clock.monotonic())) {
      let isRemoved = false;
      await journal.commit(({ members }) => {
        isRemoved = members.get(number)?.beats === beats;
        return isRemoved ? [{ kind: 'left', member: number }] : [];
      });
      if (isRemoved) logger.warn('A gateway was not heard of for long; its lease is over', { ...as });
    }
  }

  /** Says that this gateway does nothing any more. If that can't be said, the others find out. */
  async leave(): Promise<void> {
    const { journal, logger } = this.#world;
    try {
      await journal.commit((state) => {
        const own = memberOf(state, this.self.id);
        return own === undefined ? [] : [{ kind: 'left', member: own.number }];
      });
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      logger.warn('The other gateways could not be told that this one leaves', { cause: error.message });
    }
  }

  /** The others of which nothing was heard for longer than a lease can last. */
  #silent(now: Millis): MemberState[] {
    const { members } = this.#world.journal.state;
    return [...members.values()].filter(({ number, beats, as }) => {
      const heard = this.#heard.get(number);
      return as.id !== this.self.id && heard?.beats === beats && now - heard.at >= patienceMs;
    });
  }

  #show(live: readonly Member[]): void {
    const isSame =
      live.length === this.#live.length && live.every((each, index) => each === this.#live[index]);
    if (isSame) return;
    this.#live = live;
    this.#changes.announce();
  }
}
