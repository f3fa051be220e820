import type { Millis } from '../src/env/clock.ts';
import type { Handler, HttpRequest, HttpResponse, Listening, Network } from '../src/env/network.ts';
import type { Process } from './process.ts';
import type { SeededRandom } from './random.ts';
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

export const calm: Weather = { delayMax: 2, dropRequest: 0, loseAnswer: 0, duplicate: 0 };

/** The one server that clients of this network can reach. */
type Service = { readonly process: Process; readonly handle: Handler; underWay: Set<Promise<unknown>> };

/** A network of clients and one server. It loses what is in flight when the server dies. */
export class SimulatedNetwork {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #trace: Trace;
  readonly #failed: (error: unknown) => void;
  weather = calm;
  #service: Service | undefined;

  /** `failed` hears of a handler that rejected, which none may. */
  constructor(scheduler: Scheduler, random: SeededRandom, trace: Trace, failed: (error: unknown) => void) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#trace = trace;
    this.#failed = failed;
  }

  /** The server's side, for one process. */
  for(process: Process): Network {
    return {
      listen: async (endpoint, handle) => {
        const service = { process, handle, underWay: new Set<Promise<unknown>>() };
        this.#service = service;
        this.#trace.write('network', 'the server listens');
        return { endpoint, close: () => this.#stop(service) } satisfies Listening;
      },
    };
  }

  /**
   * Sends a request. Answers undefined when no answer comes, at the latest when patience ends: the server may
   * have acted or not.
   */
  send(request: HttpRequest, patience: Millis): Promise<HttpResponse | undefined> {
    return new Promise((resolve) => {
      this.#scheduler.after(patience, () => resolve(undefined));
      const times = this.#random.chance(this.weather.duplicate) ? 2 : 1;
      for (let copy = 0; copy < times; copy++) {
        const isDropped = this.#random.chance(this.weather.dropRequest);
        this.#scheduler.after(this.#delay(), () => {
          if (isDropped) this.#trace.write('network', 'a request is dropped');
          else this.#deliver(request, resolve, () => resolve(undefined));
        });
      }
    });
  }

  #deliver(request: HttpRequest, answered: (response: HttpResponse) => void, refused: () => void): void {
    const service = this.#service;
    if (service === undefined || !service.process.isAlive) {
      this.#trace.write('network', 'nobody listens');
      refused();
      return;
    }
    const work = service.handle(request).then(
      (response) => {
        if (!service.process.isAlive) return;
        if (this.#random.chance(this.weather.loseAnswer))
          return this.#trace.write('network', 'an answer is lost');
        this.#scheduler.after(this.#delay(), () => answered(response));
      },
      (error: unknown) => this.#failed(error),
    );
    service.underWay.add(work);
    void work.finally(() => service.underWay.delete(work));
  }

  /** Refuses new requests, and waits for those under way. */
  async #stop(service: Service): Promise<void> {
    if (this.#service === service) this.#service = undefined;
    await Promise.all(service.underWay);
    this.#trace.write('network', 'the server listens no more');
  }

  #delay(): Millis {
    return this.#random.real(0.05, this.weather.delayMax);
  }
}
