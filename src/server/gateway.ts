import type { Gate } from '../access/gate.ts';
import { emptyIdentity } from '../access/identity/state.ts';
import type { KeyService } from '../access/keys/key-service.ts';
import { StreamKeys } from '../access/keys/stream-keys.ts';
import type { ResourceFacts } from '../access/policy/access.ts';
import { PolicyAuthorizer } from '../access/policy/policy-authorizer.ts';
import type { Env } from '../env/env.ts';
import type { Endpoint, Handler, Identity, Listening, Share } from '../env/network.ts';
import { EncryptedRecords } from '../log/encrypted-records.ts';
import { BodyThread } from '../rpc/body-thread.ts';
import { CallRates } from '../rpc/call-rate.ts';
import { browserRule } from '../rpc/cors.ts';
import { createDispatch, type Owner, ownerSide } from '../rpc/dispatch.ts';
import { KeyUse } from '../services/kinesis/parts/key-use.ts';
import { type KinesisWorld, kinesisWorld } from '../services/kinesis/world.ts';
import type { Buckets } from '../stream/throttle.ts';
import type { ServerOptions } from './options.ts';
import { type PagesWorld, serverPages } from './pages.ts';
import { servicesIn } from './services.ts';
import { bodyProgram } from './workers/body-thread.ts';

/** What a gateway works on: its own thread's data, or a remote owner's. */
export type GatewayParts = Pick<KinesisWorld, 'catalog' | 'log' | 'load' | 'background' | 'subscriptions'> &
  Pick<PagesWorld, 'isAlive' | 'authority'> & {
    readonly gate: Gate;
    /** Wraps the data keys of streams. */
    readonly keyService: KeyService;
    /** What is known of a KMS key, by its ARN. */
    readonly factsOfKey: (arn: string) => ResourceFacts | undefined;
    readonly identity: Identity;
    /** The buckets that all threads take from; undefined when this is the only thread, and without limits. */
    readonly buckets: Buckets | undefined;
    /** Carries out what a worker does not; undefined in the owner itself. */
    readonly owner?: Owner;
  };

/**
 * Takes requests on a catalog and its records: the one composition of these, in the thread that owns both as
 * in a worker.
 */
export class Gateway {
  readonly handle: Handler;
  /** Carries out calls that other gateways have routed and verified. */
  readonly forOthers: Owner;
  readonly #bodies: BodyThread;
  readonly #env: GatewayEnv;
  readonly #parts: GatewayParts;

  constructor(options: ServerOptions, env: GatewayEnv, parts: GatewayParts) {
    const { limits, cors, credentials, memory } = options;
    const { gate, buckets, isAlive, authority, owner, keyService, factsOfKey } = parts;
    this.#env = env;
    this.#parts = parts;
    const { clock, random, logger, workers } = env;
    this.#bodies = new BodyThread(bodyProgram, workers, clock);
    const enforced = credentials !== undefined;
    const world = {
      authorizer: new PolicyAuthorizer({ identity: { state: emptyIdentity }, clock, enforced }),
      ...{ clock, random, logger, authenticate: gate.authenticate, bodies: this.#bodies },
      browsers: browserRule(cors, credentials === undefined),
      pages: serverPages({ clock, memory, isAlive, authority }),
      rates: limits === 'aws' ? new CallRates(clock) : undefined,
      ...(owner && { owner }),
    };
    const keys = new StreamKeys({ catalog: parts.catalog, service: keyService, clock });
    const { authorizer } = world;
    const encrypting = {
      log: new EncryptedRecords(parts.log, keys),
      keyUse: new KeyUse({ keys, service: keyService, authorizer, factsOfKey }),
    };
    const services = servicesIn(kinesisWorld(options, env, { ...parts, ...encrypting }, buckets));
    this.handle = createDispatch(services, world);
    this.forOthers = ownerSide(services, world);
  }

  /** Takes requests that come over a port. */
  listen(endpoint: Endpoint, share?: Share): Promise<Listening> {
    const { gate, identity } = this.#parts;
    return this.#env.network.listen(endpoint, this.handle, identity, gate.recognize, share);
  }

  /** Lets go of what it has, once no request is under way any more. */
  close(): Promise<void> {
    return this.#bodies.close();
  }
}

type GatewayEnv = Pick<Env, 'clock' | 'random' | 'network' | 'logger' | 'workers'>;
