import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A way to a port of this machine by another one, which can be cut as a cable is: bytes get lost in both
 * directions, and nobody is told.
 */
export class Way {
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  #isCut = false;

  /** Listens on an address, at any free port unless one is named, and passes on to `to` of loopback. */
  static async open(to: number, address = '127.0.0.1', port = 0): Promise<Way> {
    const way = new Way(to);
    way.#server.listen(port, address);
    await once(way.#server, 'listening');
    way.#server.unref();
    return way;
  }

  private constructor(to: number) {
    this.#server = createServer({ pauseOnConnect: true }, (socket) => {
      const passage = new Passage(to, socket, () => this.#passages.delete(passage));
      this.#passages.add(passage);
      if (this.#isCut) passage.stop();
      else passage.begin();
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const passage of this.#passages) passage.stop();
  }

  /**
   * Connections of before are over. A quorum of Kafka 4.4.0 does not bear what a mended cable would bring: a
   * broker that gets the answer to a request that it has given up ends itself.
   */
  mend(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    for (const passage of this.#passages) passage.end();
  }

  close(): void {
    this.#server.close();
    for (const passage of this.#passages) passage.end();
  }
}

/** One connection, in two halves. */
class Passage {
  readonly #port: number;
  readonly #near: Socket;
  readonly #ended: () => void;
  #far: Socket | undefined;

  constructor(port: number, near: Socket, ended: () => void) {
    this.#port = port;
    this.#near = near;
    this.#ended = ended;
    near.once('close', () => this.end()).on('error', () => this.end());
  }

  stop(): void {
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
