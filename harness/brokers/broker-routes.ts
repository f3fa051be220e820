import type { BrokerPorts } from './broker-settings.ts';
import { Way } from './way.ts';

/**
 * The ways from each broker to each other one, which can be cut. Broker n calls broker m `broker<m>`, and its
 * own file of hosts says that this is 127.0.n.m: there its bytes are passed on to where m listens. All of
 * 127.0.0.0/8 is loopback on Linux.
 */
export class BrokerRoutes {
  readonly #routes: { readonly from: number; readonly to: number; readonly way: Way }[] = [];
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

  /** Nothing passes between this broker and the others. */
  cut(id: number): void {
    this.#cut.add(id);
    for (const { from, to, way } of this.#routes) if (from === id || to === id) way.cut();
  }

  /** Connections of before are over. */
  mend(id: number): void {
    this.#cut.delete(id);
    for (const { from, to, way } of this.#routes) if (!this.#cut.has(from) && !this.#cut.has(to)) way.mend();
  }

  close(): void {
    for (const { way } of this.#routes) way.close();
  }

  async #listen(from: number, to: number, port: number): Promise<void> {
    this.#routes.push({ from, to, way: await Way.open(port, addressBetween(from, to), port) });
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
