import type { Member, Members } from '../cluster/members.ts';
import type { Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Env } from '../env/env.ts';
import type { PeerIdentity, PeerListening, PeerNetwork } from '../env/peers.ts';
import type { Port } from '../env/workers.ts';
import { Condition } from '../log/condition.ts';
import type { MessagesPort } from './batched-port.ts';
import { PeerLink } from './peer-link.ts';
import { type OwnerWorld, RecordsServer } from './records-server.ts';
import { ownerOf } from './rendezvous.ts';

/** What a gateway does for others: what concerns its own workers alone is not asked for by a gateway. */
export type PeersWorld = Omit<
  OwnerWorld,
  'keyService' | 'certificate' | 'note' | 'audited' | 'busy' | 'counted' | 'health'
>;

type World = Pick<Env, 'clock' | 'logger'> & {
  readonly network: PeerNetwork;
  /** What this gateway shows now: another one when it was renewed. */
  readonly identity: () => Promise<PeerIdentity>;
};

/**
 * The other gateways of a cluster: keeps a connection to each that is live, and answers what they ask.
 * Nothing that must be right depends on them.
 */
export class Peers implements AsyncDisposable {
  readonly #world: World;
  readonly #listening: PeerListening;
  readonly #links = new Map<string, PeerLink>();
  /** By id, the members that are kept connected. */
  readonly #kept = new Map<string, AbortController>();
  readonly #servers = new Set<RecordsServer>();
  /** Connections that came before `begin`. */
  readonly #early: Port[];
  readonly #change = new Condition();
  /** How often members, or who of them can be asked, have changed. */
  #changes = 0;
  #members: Members | undefined;
  #answers: OwnerWorld | undefined;
  readonly #closed = new AbortController();

  /** Listens; answers nobody until `begin`. Rejects with the system's error. */
  static async listen(address: string, world: World): Promise<Peers> {
    const early: Port[] = [];
    let peers: Peers | undefined;
    const accept = (port: Port) => {
      if (peers === undefined) early.push(port);
      else peers.#accept(port);
    };
    const listening = await world.network.listen(address, await world.identity(), accept);
    peers = new Peers(listening, early, world);
    return peers;
  }

  private constructor(listening: PeerListening, early: Port[], world: World) {
    this.#listening = listening;
    this.#early = early;
    this.#world = world;
    detached(this.#renew(), unthinkable);
  }

  /** Where it listens. */
  get address(): string {
    return this.#listening.address;
  }

  /** Connects to the other members, and answers them. */
  begin(members: Members, world: PeersWorld): void {
    this.#members = members;
    this.#answers = { ...world, ...onlyForWorkers };
    for (const port of this.#early.splice(0)) this.#accept(port);
    detached(this.#follow(members), unthinkable);
  }

  /**
   * The owner of a name, if that is another gateway which can be asked now; `isOurs` says whether there is no
   * other because it is this one.
   */
  ownerOf(name: string): { readonly link: PeerLink | undefined; readonly isOurs: boolean } {
    const members = this.#members;
    if (members === undefined) return ours;
    const live = members.live();
    const owner = live.length === 0 ? members.self : ownerOf(name, live);
    return owner.id === members.self.id ? ours : { link: this.#links.get(owner.id), isOurs: false };
  }

  /** How to ask a member; undefined for this one, and for one that cannot be reached. */
  linkTo({ id }: Member): PeerLink | undefined {
    return this.#links.get(id);
  }

  /** How to ask all others that can be asked now. */
  get links(): readonly PeerLink[] {
    return [...this.#links.values()];
  }

  /** How many gateways there are, as far as it is known here. */
  get liveCount(): number {
    return Math.max(1, this.#members?.live().length ?? 1);
  }

  /** Resolves when the members, or those who can be asked, are others, or the signal is aborted. */
  async changed(signal: AbortSignal): Promise<void> {
    const seen = this.#changes;
    await this.#change.until(() => this.#changes !== seen, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    for (const kept of this.#kept.values()) kept.abort();
    for (const { client } of this.#links.values()) client.close();
    for (const server of this.#servers) server.close();
    await this.#listening.close();
  }

  async #follow(members: Members): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const others = new Map(members.live().map((member) => [member.id, member]));
      others.delete(members.self.id);
      for (const [id, kept] of this.#kept) if (!others.has(id)) kept.abort();
      for (const member of others.values()) {
        if (!this.#kept.has(member.id)) detached(this.#keepConnected(member), unthinkable);
      }
      await members.changed(signal);
      this.#announce();
    }
  }

  #announce(): void {
    this.#changes += 1;
    this.#change.announce();
  }

  async #keepConnected(member: Member): Promise<void> {
    const kept = new AbortController();
    this.#kept.set(member.id, kept);
    while (!kept.signal.aborted) {
      try {
        await this.#connected(member, kept.signal);
      } catch (error) {
        this.#world.logger.error('there is no certificate to show to other gateways', { error });
      }
      if (!kept.signal.aborted) await this.#world.clock.sleep(retryMs, kept.signal);
    }
    this.#kept.delete(member.id);
  }

  /** Resolves when the connection has ended. */
  async #connected(member: Member, left: AbortSignal): Promise<void> {
    const { clock, network, identity } = this.#world;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const shown = await identity();
    if (left.aborted) return;
    const port = network.connect(member.address, shown, (id) => {
      // Another process has its address by now.
      if (id !== member.id) return link.client.close();
      this.#links.set(member.id, link);
      this.#announce();
    });
    const link = new PeerLink(port as MessagesPort, clock, () => {
      if (this.#links.get(member.id) === link) this.#links.delete(member.id);
      this.#announce();
      resolve();
    });
    const leave = () => link.client.close();
    left.addEventListener('abort', leave, { once: true });
    await ended;
    left.removeEventListener('abort', leave);
  }

  #accept(port: Port): void {
    if (this.#answers === undefined) {
      this.#early.push(port);
      return;
    }
    const server = new RecordsServer(port as MessagesPort, this.#answers);
    this.#servers.add(server);
    detached(
      server.closed.then(() => this.#servers.delete(server)),
      unthinkable,
    );
  }

  async #renew(): Promise<void> {
    const { clock, identity, logger } = this.#world;
    const { signal } = this.#closed;
    for (let shown = await identity(); !signal.aborted; ) {
      await clock.sleep(renewalLookMs, signal);
      if (signal.aborted) return;
      try {
        const current = await identity();
        if (current !== shown) this.#listening.renew(current);
        shown = current;
      } catch (error) {
        logger.error('the certificate for other gateways could not be renewed', { error });
      }
    }
  }
}

const ours = { link: undefined, isOurs: true } as const;

/** What has a secret of this process in it, or is a worker's to tell. */
const onlyForWorkers: Omit<OwnerWorld, keyof PeersWorld> = {
  keyService: { describe: refuse, generateDataKey: refuse, decrypt: refuse },
  certificate: refuse,
  health: () => 'ok',
  note() {},
  audited() {},
  busy() {},
  counted() {},
};

async function refuse(): Promise<never> {
  throw new Error('A gateway asks no other for this.');
}

/** A gateway that is restarted is back within a second or two. */
const retryMs: Millis = 500;

const renewalLookMs: Millis = 3_600_000;
