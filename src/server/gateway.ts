import type { Gate } from '../access/gate.ts';
import type { Env } from '../env/env.ts';
import type {
  Endpoint,
  Handler,
  HttpRequest,
  HttpResponse,
  Identity,
  Listening,
  Share,
} from '../env/network.ts';
import { createDispatch, type Forward } from '../rpc/dispatch.ts';
import type { Caller } from '../rpc/operation.ts';
import type { Service } from '../services/kinesis/service.ts';
import { serviceOn } from '../services/kinesis/service-on.ts';
import type { Buckets } from '../stream/throttle.ts';
import type { ServerOptions } from './options.ts';

/** What a gateway works on: its own thread's, or a remote owner's. */
export type GatewayParts = Pick<Service, 'catalog' | 'log' | 'load' | 'background'> & {
  readonly gate: Gate;
  readonly identity: Identity;
  /** Those that all threads take from; undefined when this is the only one, and without limits. */
  readonly buckets: Buckets | undefined;
  /** Answers pages that need no signature, and leaves the rest to the handler. */
  readonly pages: (handle: Handler) => Handler;
  /** Has an owner answer what is not answered here; undefined when all of it is. */
  readonly forward?: Forward;
};

/**
 * Takes requests on a catalog and its records: the one way in which these are put together, in a thread that
 * owns both as in a worker.
 */
export class Gateway {
  readonly service: Service;
  readonly handle: Handler;
  readonly #parts: GatewayParts;
  readonly #env: GatewayEnv;

  constructor(options: ServerOptions, env: GatewayEnv, parts: GatewayParts) {
    const { gate, buckets, pages, forward, ...state } = parts;
    this.#parts = parts;
    this.#env = env;
    this.service = serviceOn(options, env, state, buckets);
    this.handle = pages(createDispatch(this.service, gate.authenticate, env.random, forward));
  }

  /** Answers a request that another gateway took, which has verified who asks. */
  readonly answer = (request: HttpRequest, caller: Caller | undefined): Promise<HttpResponse> =>
    caller === undefined
      ? this.handle(request)
      : createDispatch(this.service, () => caller, this.#env.random)(request);

  /** Takes requests that come over a port. */
  listen(endpoint: Endpoint, share?: Share): Promise<Listening> {
    const { gate, identity } = this.#parts;
    return this.#env.network.listen(endpoint, this.handle, identity, gate.recognize, share);
  }
}

type GatewayEnv = Pick<Env, 'clock' | 'random' | 'network' | 'logger'>;
