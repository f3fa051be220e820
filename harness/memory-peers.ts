import type { Clock, Millis } from '../src/env/clock.ts';
import { detached, unthinkable } from '../src/env/detached.ts';
import type { PeerIdentity, PeerListening, PeerNetwork } from '../src/env/peers.ts';
import type { Port } from '../src/env/workers.ts';

/** What a message takes from one host to another. */
export type Delay = (from: string, to: string) => Millis;

/**
 * The network between gateways, in memory: messages are copied or change hands, and arrive a while later, in
 * order. Hosts can be cut off, paused and killed.
 */
export class MemoryPeers {
  readonly #clock: Pick<Clock, 'sleep' | 'turn'>;
  readonly #delay: Delay;
  readonly #listeners = new Map<string, Listener>();
  readonly #links = new Set<Link>();
  readonly #cuts = new Set<string>();
  readonly #paused = new Map<string, PromiseWithResolvers<void>>();
  #ports = 1;

  constructor(clock: Pick<Clock, 'sleep' | 'turn'>, delay: Delay = () => 0) {
    this.#clock = clock;
    this.#delay = delay;
  }

  /** The network as one host has it. Its gateways listen at the host's name, whatever they ask for. */
  of(host: string): PeerNetwork {
    return {
      listen: async (address, identity, accept) => this.#listen(host, address, identity, accept),
      connect: (address, identity, ready) => this.#connect(host, address, identity, ready ?? (() => {})),
    };
  }

  /** Nothing passes between two hosts any more: what is on its way is lost, and both ends close. */
  cut(one: string, other: string): void {
    this.#cuts.add(linkName(one, other));
    for (const link of this.#links) if (link.joins(one, other)) link.break();
  }

  heal(one: string, other: string): void {
    this.#cuts.delete(linkName(one, other));
  }

  /** A host that hears nothing from now on, and keeps its connections. */
  pause(host: string): void {
    this.#paused.set(host, this.#paused.get(host) ?? Promise.withResolvers());
  }

  /** It hears what was said meanwhile, unless the connection was given up. */
  resume(host: string): void {
    this.#paused.get(host)?.resolve();
    this.#paused.delete(host);
  }

  /** What other hosts do when a host is silent for too long. */
  giveUp(host: string): void {
    for (const link of this.#links) if (link.has(host)) link.break();
  }

  /** A host that is gone with all it had, until it listens again. */
  kill(host: string): void {
    for (const [address, listener] of this.#listeners) {
      if (listener.host === host) this.#listeners.delete(address);
    }
    this.giveUp(host);
  }

  #listen(host: string, address: string, identity: PeerIdentity, accept: Listener['accept']): PeerListening {
    const asked = Number(address.slice(address.lastIndexOf(':') + 1));
    const bound = `${host}:${asked === 0 ? this.#ports++ : asked}`;
    if (this.#listeners.has(bound)) throw Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' });
    const listener: Listener = { host, identity, accept };
    this.#listeners.set(bound, listener);
    return {
      address: bound,
      renew(renewed) {
        listener.identity = renewed;
      },
      close: async () => {
        if (this.#listeners.get(bound) !== listener) return;
        this.#listeners.delete(bound);
        for (const link of this.#links) if (link.listener === listener) link.break();
      },
    };
  }

  #connect(host: string, address: string, identity: PeerIdentity, ready: (member: string) => void): Port {
    const link = new Link(host, address.slice(0, address.lastIndexOf(':')), (from, to) =>
      this.#travel(from, to),
    );
    this.#links.add(link);
    link.onBreak = () => this.#links.delete(link);
    detached(this.#establish(link, address, identity, ready), unthinkable);
    return link.near;
  }

  async #establish(
    link: Link,
    address: string,
    identity: PeerIdentity,
    ready: (member: string) => void,
  ): Promise<void> {
    await this.#travel(link.from, link.to);
    const listener = this.#listeners.get(address);
    const isOfCluster = listener?.identity.authority === identity.authority;
    if (listener === undefined || !isOfCluster || this.#cuts.has(linkName(link.from, link.to))) {
      return link.break();
    }
    link.listener = listener;
    listener.accept(link.far, identity.member);
    link.far.begin();
    await this.#travel(link.to, link.from);
    if (!link.isBroken) ready(listener.identity.member);
    link.near.begin();
  }

  async #travel(from: string, to: string): Promise<void> {
    const delay = this.#delay(from, to);
    await (delay > 0 ? this.#clock.sleep(delay) : this.#clock.turn());
    while (this.#paused.has(to)) await this.#paused.get(to)!.promise;
  }
}

type Listener = {
  readonly host: string;
  identity: PeerIdentity;
  readonly accept: (port: Port, member: string) => void;
};

function linkName(one: string, other: string): string {
  return [one, other].sort().join(' ');
}

/** A connection between two hosts. */
class Link {
  readonly from: string;
  readonly to: string;
  readonly near: LinkEnd;
  readonly far: LinkEnd;
  listener: Listener | undefined;
  onBreak = (): void => {};
  isBroken = false;

  constructor(from: string, to: string, travel: (from: string, to: string) => Promise<void>) {
    this.from = from;
    this.to = to;
    this.near = new LinkEnd(this, () => travel(from, to));
    this.far = new LinkEnd(this, () => travel(to, from));
  }

  has(host: string): boolean {
    return this.from === host || this.to === host;
  }

  joins(one: string, other: string): boolean {
    return linkName(this.from, this.to) === linkName(one, other);
  }

  otherEnd(end: LinkEnd): LinkEnd {
    return end === this.near ? this.far : this.near;
  }

  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.onBreak();
    this.near.end();
    this.far.end();
  }
}

type Item = { readonly message: unknown } | 'end';

class LinkEnd implements Port {
  readonly #link: Link;
  readonly #travel: () => Promise<void>;
  /** What waits for the connection. */
  #before: (() => void)[] | undefined = [];
  #sent: Promise<void> = Promise.resolve();
  readonly #arrived: Item[] = [];
  #receive: ((message: unknown) => void) | undefined;
  #closed: (() => void) | undefined;
  #isEnded = false;

  constructor(link: Link, travel: () => Promise<void>) {
    this.#link = link;
    this.#travel = travel;
  }

  /** There is a connection from now on. */
  begin(): void {
    const before = this.#before ?? [];
    this.#before = undefined;
    for (const send of before) send();
  }

  post(message: unknown, handedOver: ArrayBuffer[] = []): void {
    if (this.#isEnded) return;
    this.#send({ message: structuredClone(message, { transfer: handedOver }) });
  }

  listen(receive: (message: unknown) => void, closed?: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    for (const item of this.#arrived.splice(0)) this.#deliver(item);
    if (this.#isEnded) this.#tellClosed();
  }

  take(): undefined {
    return undefined;
  }

  close(): void {
    if (this.#isEnded) return;
    this.#send('end');
    this.end();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#tellClosed();
  }

  #send(item: Item): void {
    if (this.#before !== undefined) {
      this.#before.push(() => this.#send(item));
      return;
    }
    const travelled = this.#travel();
    this.#sent = this.#sent.then(async () => {
      await travelled;
      if (!this.#link.isBroken) this.#link.otherEnd(this).#deliver(item);
    });
  }

  #deliver(item: Item): void {
    if (this.#isEnded) return;
    if (this.#receive === undefined) this.#arrived.push(item);
    else if (item === 'end') this.#link.break();
    else this.#receive(item.message);
  }

  #tellClosed(): void {
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.();
  }
}
