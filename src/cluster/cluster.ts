import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import { type Random, uuid } from '../env/random.ts';
import { type Following, followJournal } from '../journal/follow.ts';
import { type FollowedJournal, openJournal } from '../journal/journal.ts';
import { journalIn } from '../journal/journal-log.ts';
import type { KafkaClient } from '../log/kafka/client.ts';
import type { ShardPlaces } from '../log/kafka/shard-places.ts';
import { DamagedError, type Engine, type ShardKey } from '../log/log.ts';
import { clusterMachine } from './cluster-machine.ts';
import type { ClusterState } from './cluster-state.ts';
import { Drains } from './drains.ts';
import { Duties } from './duties.ts';
import type { ClusterEdit } from './edit.ts';
import { JournalledPlaces } from './journalled-places.ts';
import { Lease } from './lease.ts';
import type { Duty, Member, Members, SharedDuty } from './members.ts';
import { Membership } from './membership.ts';

export type ClusterWorld = {
  /** Has the cluster's journal. Stays the caller's. */
  readonly log: Engine;
  /** Has the shards. Stays the caller's. */
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** What topics are named after. */
  readonly name: string;
  /** Without an id it is given one. */
  readonly self: Omit<Member, 'id'> & Partial<Pick<Member, 'id'>>;
  /** The journal cannot be understood any more: this gateway must end. */
  readonly failed: (error: unknown) => void;
};

/** This process as one of several gateways. */
export interface Cluster {
  readonly members: Members;
  readonly places: ShardPlaces;
  /** Whether what a broker acknowledges may be acknowledged here: the others know that this one is there. */
  readonly hasLease: boolean;
  /** Work for one of the members, which this one takes when it falls to it. */
  duty(name: string): Duty;
  /** The same, and it moves to the member that it falls to, when others come. */
  sharedDuty(name: string): SharedDuty;
  /** Has somebody else take it, if anybody wants to: what this member did by it has ended. */
  letGo(name: string): void;
  /**
   * Acknowledges nothing more, does no duty more, and says so to the others: they go on at once. Nothing may
   * be under way any more.
   */
  close(): Promise<void>;
}

/** Where in an engine of control logs the cluster's journal is. */
export const clusterKey: ShardKey = { stream: 'cluster', shard: 0 };

/**
 * Joins a cluster; the first member founds it. Rejects with `UnavailableError` when its journal is not to be
 * had, and with `DamagedError` when it cannot be understood.
 */
export async function openCluster(world: ClusterWorld): Promise<Cluster> {
  const { log, random } = world;
  // Not all at once: the one that comes first spares the others theirs.
  const snapshotBytes = snapshotBytesMin + (random.bytes(4).readUInt32BE() % snapshotBytesMin);
  const journal = await openJournal(clusterMachine, journalIn(log, clusterKey), snapshotBytes);
  const cluster = new JournalledCluster(world, journal);
  await cluster.begin();
  return cluster;
}

/** A journal of fewer bytes is read in no time. */
const snapshotBytesMin = 2 << 20;

/** Two may go missing before the lease is over. */
const beatEveryMs: Millis = 3_000;

/** Of the time between two: gateways whose heartbeats are sent at the same time get in each other's way. */
const beatSpread = 0.2;

/** When a heartbeat did not get through, and how often the others are looked after. */
const watchEveryMs: Millis = 1_000;

const tidyAgainMs: Millis = 60_000;

class JournalledCluster implements Cluster {
  readonly members: Membership;
  readonly places: JournalledPlaces;
  readonly #world: ClusterWorld;
  readonly #journal: FollowedJournal<ClusterState, ClusterEdit>;
  readonly #lease: Lease;
  readonly #drains: Drains;
  readonly #duties: Duties;
  readonly #tidying: Duty;
  readonly #closed = new AbortController();
  /** Aborted to have the next heartbeat sent at once. */
  #wake = new AbortController();
  /** Aborted to have duties looked after at once. */
  #nudge = new AbortController();
  #following: Following | undefined;
  #loops: readonly Promise<void>[] = [];

  constructor(world: ClusterWorld, journal: FollowedJournal<ClusterState, ClusterEdit>) {
    this.#world = world;
    this.#journal = journal;
    const { clock, logger, random, client, name } = world;
    this.#lease = new Lease(clock, () => this.places.renewed());
    this.#drains = new Drains(journal.state, clock, () => this.#wake.abort());
    const parts = { journal, clock, logger, lease: this.#lease, drains: this.#drains };
    const self = { id: uuid(random), ...world.self };
    this.members = new Membership({ ...parts, self });
    this.places = new JournalledPlaces({ ...parts, self, client, cluster: name });
    this.#duties = new Duties({ ...parts, membership: this.members, nudge: () => this.#nudge.abort() });
    this.#tidying = this.duty('places');
  }

  async begin(): Promise<void> {
    await this.members.beat();
    this.#see();
    const { log, clock, failed } = this.#world;
    const panic = (_: string, error: unknown) => failed(error);
    this.#following = followJournal(this.#journal, log, clusterKey, { clock, panic });
    this.#loops = [
      this.#repeat(() => this.#beat()),
      this.#repeat(() => this.#watch()),
      this.#repeat(() => this.#tidy()),
    ];
    detached(this.#noticeChanges(), unthinkable);
  }

  get hasLease(): boolean {
    return this.#lease.isValid;
  }

  duty(name: string): Duty {
    this.#nudge.abort();
    return this.#duties.duty(name);
  }

  sharedDuty(name: string): SharedDuty {
    this.#nudge.abort();
    return this.#duties.sharedDuty(name);
  }

  letGo(name: string): void {
    this.#duties.letGo(name);
    this.#nudge.abort();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#wake.abort();
    this.#nudge.abort();
    this.#lease.end();
    await Promise.all([...this.#loops, this.#following?.[Symbol.asyncDispose]()]);
    this.#lease.end();
    await this.members.leave();
  }

  /** Does something again and again, also when it fails: the journal may be out of reach for a while. */
  async #repeat(step: () => Promise<void>): Promise<void> {
    const { clock, logger, failed } = this.#world;
    while (!this.#closed.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (error instanceof DamagedError) return failed(error);
        if (this.#closed.signal.aborted) return;
        logger.warn('The cluster is out of reach', { cause: String(error) });
        await clock.sleep(watchEveryMs, this.#closed.signal);
      }
    }
  }

  async #noticeChanges(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      const changed = this.#journal.changed(this.#closed.signal);
      this.#see();
      await changed;
    }
  }

  #see(): void {
    this.#drains.see(this.#journal.state);
    this.members.hear();
    this.#duties.see();
    this.places.see();
  }

  async #beat(): Promise<void> {
    const { clock, random } = this.#world;
    this.#wake = new AbortController();
    const { monotonic: sent } = await this.members.beat();
    const delay = beatEveryMs * (1 + (random.bytes(1)[0]! / 255 - 0.5) * beatSpread);
    await clock.sleep(sent + delay - clock.monotonic(), this.#wake.signal);
  }

  async #watch(): Promise<void> {
    this.#nudge = new AbortController();
    await this.#world.clock.sleep(watchEveryMs, this.#nudge.signal);
    if (this.#closed.signal.aborted) return;
    // After a jump of the wall clock, it does not wait for the next heartbeat.
    if (!this.#lease.isValid) this.#wake.abort();
    this.members.hear();
    await this.members.removeSilent();
    await this.#duties.settle();
  }

  async #tidy(): Promise<void> {
    const { clock, logger } = this.#world;
    await clock.sleep(watchEveryMs, this.#closed.signal);
    if (!this.#tidying.isOurs()) return;
    await this.#duties.forget();
    try {
      await this.places.tidy();
    } catch (error) {
      // One stream's trouble: it is no reason to end, and not to be repeated each second.
      logger.error('The topics of streams could not be looked after', { cause: String(error) });
      await clock.sleep(tidyAgainMs, this.#closed.signal);
    }
  }
}
