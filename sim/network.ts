import type { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type {
  Handler,
  HttpMessage,
  HttpResponse,
  Listening,
  Network,
  Peer,
  Share,
} from '../src/env/network.ts';
import { originOf } from '../src/http/peer.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** How the network treats what goes over it. Chances are from 0 to 1. */
export type Weather = {
  readonly delayMax: Millis;
  readonly dropRequest: number;
  readonly loseAnswer: number;
  /** The server meets a request twice, and the client hears one of the answers. */
  readonly duplicate: number;
};

/** The body of an answer that has a length. */
export function isWhole(
  body: HttpResponse['body'],
): body is Exclude<HttpResponse['body'], AsyncIterable<Uint8Array>> {
  return !(Symbol.asyncIterator in Object(body));
}

/** The client takes no more of an answer. */
function hangUp({ body }: HttpResponse): void {
  if (!isWhole(body)) void body[Symbol.asyncIterator]().return?.();
}

const over = { done: true, value: undefined } as const;

export const calm: Weather = { delayMax: 2, dropRequest: 0, loseAnswer: 0, duplicate: 0 };

/** A listener of the one server that clients of this network can reach. */
type Service = {
  readonly process: Process;
  readonly handle: Handler;
  /** All clients, as the server sees them. */
  readonly peer: Peer;
  /** It listens on a port that nobody named: for programs of its own machine. */
  readonly isLocal: boolean;
  underWay: Set<Promise<unknown>>;
};

/** Where the ports are that nobody names. */
const freePortFirst = 40_000;

function isAlive({ process }: Service): boolean {
  return process.isAlive;
}

/**
 * A network of clients and servers, each with any number of listeners; a client's request goes to any of the
 * servers. It loses what is in flight when the server dies.
 */
export class SimulatedNetwork {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #trace: Trace;
  readonly #failed: (error: unknown) => void;
  /** Nothing of it is ever short here. */
  readonly #share: Share = {
    freeBytes: new Int32Array(new SharedArrayBuffer(4)),
    unsentBytes: new Int32Array(new SharedArrayBuffer(4)),
    openConnections: new Int32Array(new SharedArrayBuffer(4)),
    connectionsMax: Number.POSITIVE_INFINITY,
    reusePort: true,
  };
  weather = calm;
  /** Whether nothing gets from clients to a process, or back. */
  isCut: (process: Process) => boolean = () => false;
  #services: readonly Service[] = [];
  #freePort = freePortFirst;

  /** `failed` hears of a handler that rejected, which none may. */
  constructor(scheduler: Scheduler, random: SeededRandom, trace: Trace, failed: (error: unknown) => void) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#trace = trace;
    this.#failed = failed;
  }

  /** The server's side, for one process or one of its threads. */
  for(process: Process): Network {
    return {
      listen: async (place, handle, _identity, _recognize, share) => {
        const isLocal = 'port' in place && place.port === 0;
        const endpoint = isLocal ? { ...place, port: this.#freePort++ } : place;
        const address = 'path' in endpoint ? '' : '127.0.0.1';
        const peer = { address, secure: false, ...originOf(endpoint) };
        const service = { process, handle, peer, isLocal, underWay: new Set<Promise<unknown>>() };
        const others = this.#services.filter(isAlive);
        // Without a share, a place has one listener.
        const kept =
          share === undefined ? others.filter((other) => other.peer.listener !== peer.listener) : others;
        this.#services = [...kept, service];
        if (!isLocal) this.#trace.write('network', 'the server listens');
        // Its connections carry one call each.
        return { endpoint, shed() {}, close: () => this.#stop(service) } satisfies Listening<typeof endpoint>;
      },
      share: async () => this.#share,
      reserve: (endpoint, listen) => listen(endpoint),
    };
  }

  /**
   * Sends a request. Answers undefined when no answer comes, at the latest when patience ends: the server may
   * have acted or not. `vpce` is the name of the listener that it goes to; without one, to the default one.
   */
  send(message: HttpMessage, patience: Millis, vpce?: string): Promise<HttpResponse | undefined> {
    return new Promise((resolve) => {
      let isWaiting = true;
      const settle = (response: HttpResponse | undefined) => {
        if (!isWaiting && response !== undefined) hangUp(response);
        isWaiting = false;
        resolve(response);
      };
      this.#scheduler.after(patience, () => settle(undefined));
      const times = this.#random.chance(this.weather.duplicate) ? 2 : 1;
      for (let copy = 0; copy < times; copy++) {
        const isDropped = this.#random.chance(this.weather.dropRequest);
        this.#scheduler.after(this.#delay(), () => {
          if (isDropped) this.#trace.write('network', 'a request is dropped');
          else this.#deliver(message, vpce, settle, () => settle(undefined));
        });
      }
    });
  }

  /**
   * Sends a request from a process to a port of its own machine, where nothing is lost. Never settles when
   * either of the two is dead; rejects when nobody listens.
   */
  ask(caller: Process, port: number, message: HttpMessage): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      caller.after(this.#localDelay(), () => {
        const service = this.#services.find(
          (each) => isAlive(each) && each.isLocal && each.peer.listener.endsWith(`:${port}`),
        );
        if (service === undefined) return reject(new Error(`nobody listens on port ${port}`));
        service.process.run(() => {
          const work = service.handle({ ...message, peer: service.peer }).then(
            (response) => caller.after(this.#localDelay(), () => resolve(response)),
            (error: unknown) => this.#failed(error),
          );
          this.#keepUnderWay(service, work);
        });
      });
    });
  }

  #deliver(
    message: HttpMessage,
    vpce: string | undefined,
    answered: (response: HttpResponse) => void,
    refused: () => void,
  ): void {
    // Each request has a connection of its own, and any thread that listens there may get it.
    const services = this.#services.filter(
      (each) => isAlive(each) && !each.isLocal && each.peer.vpce === vpce,
    );
    const service = services.length > 1 ? this.#random.pick(services) : services[0];
    if (service === undefined) {
      this.#trace.write('network', 'no listener');
      refused();
      return;
    }
    // The client waits until it has no more patience.
    if (this.isCut(service.process)) return;
    service.process.run(() => this.#handle(service, message, answered));
  }

  #handle(service: Service, message: HttpMessage, answered: (response: HttpResponse) => void): void {
    const work = service.handle({ ...message, peer: service.peer }).then(
      (response) => {
        if (!service.process.isAlive || this.isCut(service.process)) return;
        const { body } = response;
        const sent = isWhole(body) ? response : { ...response, body: this.#pieces(service, body) };
        if (this.#random.chance(this.weather.loseAnswer)) {
          this.#trace.write('network', 'an answer is lost');
          hangUp(sent);
        } else this.#scheduler.after(this.#delay(), () => answered(sent));
      },
      (error: unknown) => this.#failed(error),
    );
    this.#keepUnderWay(service, work);
  }

  /**
   * An answer that comes piece by piece, each after some time, when the client asks for it; the server makes
   * the next one only then. The connection breaks when the server dies, and now and then when answers are
   * lost: the client hears that as an error, which is no end.
   */
  #pieces(service: Service, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const server = body[Symbol.asyncIterator]();
    const ended = Promise.withResolvers<void>();
    this.#keepUnderWay(service, ended.promise);
    const death = service.process.death.then(() => undefined);
    const leave = () => {
      ended.resolve();
      if (service.process.isAlive) void server.return?.();
      return over;
    };
    const next = async () => {
      if (service.process.isPaused) await new Promise<void>((resolve) => service.process.run(resolve));
      const made = service.process.isAlive ? await Promise.race([server.next(), death]) : undefined;
      const isLost = this.isCut(service.process) || this.#random.chance(this.weather.loseAnswer);
      const isBroken = made === undefined || isLost;
      if (isBroken || made.done) leave();
      else await Promise.race([this.#scheduler.sleep(this.#delay()), death]);
      if (isBroken || !service.process.isAlive) throw new Error('The connection broke.');
      return made;
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: async () => leave() }) };
  }

  #keepUnderWay({ underWay }: Service, work: Promise<unknown>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  /** Refuses new requests, and waits for those under way. */
  async #stop(service: Service): Promise<void> {
    this.#services = this.#services.filter((other) => other !== service);
    await Promise.all(service.underWay);
    this.#trace.write('network', 'the server listens no more');
  }

  #delay(): Millis {
    return this.#random.real(0.05, this.weather.delayMax);
  }

  #localDelay(): Millis {
    return this.#random.real(0.05, 0.5);
  }
}
