import type { KeyService } from '../access/keys/key-service.ts';
import type { Env } from '../env/env.ts';
import type { Endpoint, Handler, Identity, Listening, Share } from '../env/network.ts';
import type { Control } from '../gateway/control.ts';
import { BodyThread } from '../rpc/body-thread.ts';
import { CallRates } from '../rpc/call-rate.ts';
import { browserRule } from '../rpc/cors.ts';
import { createDispatch, type Owner, ownerSide } from '../rpc/dispatch.ts';
import type { KinesisWorld } from '../services/kinesis/world.ts';
import type { Buckets } from '../stream/throttle.ts';
import { keyServiceIn } from './key-service.ts';
import type { ServerOptions } from './options.ts';
import { type PagesWorld, serverPages } from './pages.ts';
import type { Security } from './security.ts';
import { servicesIn } from './services.ts';
import { bodyProgram } from './workers/body-thread.ts';

/** What a gateway works on: its own thread's data, or a remote owner's. */
export type GatewayParts = Pick<KinesisWorld, 'log' | 'load' | 'background' | 'subscriptions'> &
  Pick<PagesWorld, 'isAlive' | 'authority'> & {
    readonly control: Control;
    readonly security: Security;
    /**
     * The KMS of the options, in the owner; in a worker, what the owner has. Undefined in an owner whose KMS is
     * the built-in one.
     */
    readonly keysElsewhere: KeyService | undefined;
    readonly identity: Identity;
    /** The buckets that all threads take from; undefined when this is the only thread, and without limits. */
    readonly buckets: Buckets | undefined;
    /** Carries out what a worker does not; undefined in the owner itself. */
    readonly owner?: Owner;
  };

/**
 * Takes requests on the journals and the records: the one composition of these, in the thread that owns both as
 * in a worker.
 */
export class Gateway {
  readonly handle: Handler;
  /** Carries out calls that other gateways have routed and verified. */
  readonly forOthers: Owner;
  /** Wraps the data keys of streams. */
  readonly keyService: KeyService;
  readonly #bodies: BodyThread;
  readonly #env: GatewayEnv;
  readonly #parts: GatewayParts;

  constructor(options: ServerOptions, env: GatewayEnv, parts: GatewayParts) {
    const { limits, cors, memory } = options;
    const { security, isAlive, authority, owner } = parts;
    const { gate, authorizer, isSigned } = security;
    this.#env = env;
    this.#parts = parts;
    const { clock, random, logger, workers } = env;
    this.#bodies = new BodyThread(bodyProgram, workers, clock);
    const world = {
      ...{ clock, random, logger, authorizer, authenticate: gate.authenticate, bodies: this.#bodies },
      browsers: browserRule(cors, !isSigned),
      pages: serverPages({ clock, memory, isAlive, authority }),
      rates: limits === 'aws' ? new CallRates(clock) : undefined,
      ...(owner && { owner }),
    };
    const keys = keyServiceIn(options, env, parts);
    this.keyService = keys.service;
    const services = servicesIn(options, env, parts, keys);
    this.handle = createDispatch(services, world);
    this.forOthers = ownerSide(services, world);
  }

  /** Takes requests that come over a port. */
  listen(endpoint: Endpoint, share?: Share): Promise<Listening> {
    const { security, identity } = this.#parts;
    return this.#env.network.listen(endpoint, this.handle, identity, security.gate.recognize, share);
  }

  /** Lets go of what it has, once no request is under way any more. */
  close(): Promise<void> {
    return this.#bodies.close();
  }
}

type GatewayEnv = Pick<Env, 'clock' | 'random' | 'network' | 'logger' | 'workers'>;
