import type { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type { PeerIdentity, PeerListening, PeerNetwork } from '../src/env/peers.ts';
import type { Port } from '../src/env/workers.ts';
import type { Process } from './process.ts';

/** What is between the gateways of a simulated cluster. */
export type PeerWeather = {
  /** Whether nothing gets from one to the other. */
  readonly isCut: (one: Process, other: Process) => boolean;
  /** How long a message takes at most. */
  readonly delayMax: Millis;
};

type Listener = {
  readonly process: Process;
  readonly authority: string;
  readonly member: string;
  readonly accept: (port: Port, member: string) => void;
  readonly ports: Set<PeerPort>;
};

/** Channels between gateways. A connection ends when an end dies, and when something meets a cut. */
export class SimulatedPeers {
  readonly #random: SeededRandom;
  readonly #weather: () => PeerWeather;
  readonly #listeners = new Map<string, Listener>();
  #ports = 0;

  constructor(random: SeededRandom, weather: () => PeerWeather) {
    this.#random = random;
    this.#weather = weather;
  }

  /** The channels of one process. */
  for(process: Process): PeerNetwork {
    return {
      listen: async (address, { member, authority }, accept) =>
        this.#listen(address, { process, member, authority, accept, ports: new Set() }),
      connect: (address, identity, ready) => this.#connect(process, address, identity, ready),
    };
  }

  #listen(asked: string, listener: Listener): PeerListening {
    const address = asked.endsWith(':0') ? `${asked.slice(0, -2)}:${10_000 + ++this.#ports}` : asked;
    this.#listeners.set(address, listener);
    return {
      address,
      renew() {},
      close: async () => {
        if (this.#listeners.get(address) === listener) this.#listeners.delete(address);
        for (const port of listener.ports) port.close();
      },
    };
  }

  #connect(
    process: Process,
    address: string,
    { member, authority }: PeerIdentity,
    ready?: (member: string) => void,
  ): Port {
    const link = { weather: this.#weather, random: this.#random };
    const here = new PeerPort(process, link);
    process.after(this.#random.real(0, 2 * this.#weather().delayMax), () => {
      const listener = this.#listeners.get(address);
      const isThere =
        listener?.process.isAlive &&
        listener.authority === authority &&
        !this.#weather().isCut(process, listener.process);
      if (!isThere) return here.end();
      const there = new PeerPort(listener.process, link);
      listener.ports.add(there);
      ready?.(listener.member);
      here.join(there);
      there.join(here);
      listener.process.run(() => listener.accept(there, member));
    });
    return here;
  }
}

/** How long the system takes to notice that a connection leads nowhere. */
const noticeMsMax: Millis = 3_000;

type Link = { readonly weather: () => PeerWeather; readonly random: SeededRandom };

class PeerPort implements Port {
  readonly process: Process;
  readonly #link: Link;
  #peer: PeerPort | undefined;
  /** What was posted before there was a connection. */
  #posted: unknown[] = [];
  #arrived: unknown[] = [];
  #receive: ((message: unknown) => void) | undefined;
  #closed: (() => void) | undefined;
  #isClosed = false;
  /** True once nothing of this end gets through any more. */
  #isBroken = false;

  constructor(process: Process, link: Link) {
    this.process = process;
    this.#link = link;
  }

  post(message: unknown, handedOver: ArrayBuffer[] = []): void {
    const copy = structuredClone(message, { transfer: handedOver });
    if (this.#isClosed) return;
    if (this.#peer === undefined) this.#posted.push(copy);
    else this.#send(copy);
  }

  listen(receive: (message: unknown) => void, closed?: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    for (let nth = 0; nth < this.#arrived.length; nth++) this.#deliverSoon();
    if (this.#isClosed && closed !== undefined) this.process.after(0, closed);
  }

  take(): { readonly message: unknown } | undefined {
    return this.#arrived.length === 0 ? undefined : { message: this.#arrived.shift() };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#peer?.endSoon();
  }

  /** The connection is there. */
  join(peer: PeerPort): void {
    this.#peer = peer;
    for (const message of this.#posted.splice(0)) this.#send(message);
    if (this.#isClosed) peer.endSoon();
    else void this.process.death.then(() => peer.endSoon());
  }

  /** The connection is over, and what has arrived of it is there. */
  end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (let taken = this.take(); taken !== undefined; taken = this.take()) this.#receive?.(taken.message);
    this.#closed?.();
  }

  endSoon(): void {
    this.process.after(this.#link.weather().delayMax, () => this.end());
  }

  #send(message: unknown): void {
    const peer = this.#peer!;
    if (this.#link.weather().isCut(this.process, peer.process)) this.#break();
    else if (!this.#isBroken) peer.#enqueue(message);
  }

  #enqueue(message: unknown): void {
    this.#arrived.push(message);
    if (this.#receive !== undefined) this.#deliverSoon();
  }

  /** Whichever message is the next by then. */
  #deliverSoon(): void {
    const { random, weather } = this.#link;
    this.process.after(random.real(0, weather().delayMax), () => {
      const taken = this.take();
      if (taken !== undefined) this.#receive?.(taken.message);
    });
  }

  /** Nothing comes through any more, and each end notices some time. */
  #break(): void {
    for (const port of [this, this.#peer!]) {
      if (port.#isBroken) continue;
      port.#isBroken = true;
      port.process.after(this.#link.random.real(0, noticeMsMax), () => port.end());
    }
  }
}
