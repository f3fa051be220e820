import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { BrokerPorts } from './broker-settings.ts';

/**
 * The ways from each broker to each other one, which can be cut. Broker n calls broker m `broker<m>`, and its
 * own file of hosts says that this is 127.0.n.m: there its bytes are passed on to where m listens. All of
 * 127.0.0.0/8 is loopback on Linux.
 */
export class BrokerRoutes {
  readonly #servers: Server[] = [];
  readonly #passages = new Set<Passage>();
  readonly #cut = new Set<number>();

  /** Listens for each pair of brokers. */
  static async open(all: readonly BrokerPorts[]): Promise<BrokerRoutes> {
    const routes = new BrokerRoutes();
    for (const [from] of all.entries()) {
      for (const [to, { quorum, peers }] of all.entries()) {
        if (from !== to) for (const port of [quorum, peers!]) await routes.#listen(from + 1, to + 1, port);
      }
    }
    return routes;
  }

  /** As when its cable is pulled: bytes get lost in both directions, and nobody is told. */
  cut(id: number): void {
    this.#cut.add(id);
    for (const passage of this.#passages) if (this.#isCut(passage)) passage.stop();
  }

  /**
   * Connections of before are over. A quorum of Kafka 4.4.0 does not bear what a mended cable would bring: a
   * broker that gets the answer to a request that it has given up ends itself.
   */
  mend(id: number): void {
    this.#cut.delete(id);
    for (const passage of this.#passages) if (passage.isStopped && !this.#isCut(passage)) passage.end();
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const passage of this.#passages) passage.end();
  }

  async #listen(from: number, to: number, port: number): Promise<void> {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      const passage = new Passage(from, to, port, socket, () => this.#passages.delete(passage));
      this.#passages.add(passage);
      if (this.#isCut(passage)) passage.stop();
      else passage.begin();
    });
    server.listen(port, addressBetween(from, to));
    await once(server, 'listening');
    server.unref();
    this.#servers.push(server);
  }

  #isCut({ from, to }: Passage): boolean {
    return this.#cut.has(from) || this.#cut.has(to);
  }
}

/** Of a broker's file of hosts: where it finds the others. */
export function hostsFile(from: number, all: readonly BrokerPorts[]): string {
  const others = all.map((_, index) => `${addressBetween(from, index + 1)} broker${index + 1}\n`);
  return `127.0.0.1 localhost\n${others.join('')}`;
}

function addressBetween(from: number, to: number): string {
  return from === to ? '127.0.0.1' : `127.0.${from}.${to}`;
}

/** One connection of a broker to another, in two halves. */
class Passage {
  readonly from: number;
  readonly to: number;
  readonly #port: number;
  readonly #near: Socket;
  readonly #ended: () => void;
  #far: Socket | undefined;
  #isStopped = false;

  constructor(from: number, to: number, port: number, near: Socket, ended: () => void) {
    this.from = from;
    this.to = to;
    this.#port = port;
    this.#near = near;
    this.#ended = ended;
    near.once('close', () => this.end()).on('error', () => this.end());
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  stop(): void {
    this.#isStopped = true;
    this.#far?.unpipe(this.#near).pause();
    if (this.#far !== undefined) this.#near.unpipe(this.#far);
    this.#near.pause();
  }

  begin(): void {
    const far = connect(this.#port, '127.0.0.1').setNoDelay(true);
    far.once('close', () => this.end()).on('error', () => this.end());
    this.#near.setNoDelay(true).pipe(far).pipe(this.#near);
    this.#far = far;
  }

  end(): void {
    this.#near.destroy();
    this.#far?.destroy();
    this.#ended();
  }
}
