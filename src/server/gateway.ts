import type { KeyService } from '../access/keys/key-service.ts';
import type { Env } from '../env/env.ts';
import type { Handler, Place, Share } from '../env/network.ts';
import { BodyThread } from '../rpc/body-thread.ts';
import { CallRates } from '../rpc/call-rate.ts';
import { browserRule } from '../rpc/cors.ts';
import { createDispatch, type Owner, ownerSide, peerSide } from '../rpc/dispatch.ts';
import { tlsOnly } from '../rpc/tls-only.ts';
import { consolePages } from './console/console-pages.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type KnownKeyService, keyServiceIn } from './key-service.ts';
import { type Listeners, listenAt } from './listeners.ts';
import { LateSights } from './millrace/late-sights.ts';
import { engineOf, type ServerOptions } from './options.ts';
import { serverPages } from './pages.ts';
import { type Served, servicesIn } from './services.ts';
import { needsTls } from './tls-identity.ts';
import { bodyProgram } from './workers/body-thread.ts';

/**
 * Takes requests on the journals and the records: the one composition of these, in the thread that owns both
 * as in a worker.
 */
export class Gateway {
  readonly handle: Handler;
  /** The same for what comes over a network. */
  readonly #handleOfPorts: Handler;
  /** Carries out calls that workers have routed and verified. */
  readonly forOthers: Owner;
  /** The same for other gateways of a cluster, which ask for what is held here. */
  readonly forPeers: Owner;
  /** Wraps the data keys of streams. */
  readonly keyService: KeyService;
  /** The same, and what is known of its keys. */
  readonly knownKeys: KnownKeyService;
  readonly served: Served;
  /** What those who look at the server see: they are answered by the owner alone. */
  readonly sights = new LateSights();
  readonly #bodies: BodyThread;
  readonly #env: GatewayEnv;
  readonly #parts: GatewayParts;

  constructor(options: ServerOptions, env: GatewayEnv, parts: GatewayParts) {
    const { limits, cors } = options;
    const { security, audit, meter, health, authority, metrics, owner, held } = parts;
    const { gate, authorizer, isSigned } = security;
    this.#env = env;
    this.#parts = parts;
    const { clock, random, logger, workers } = env;
    this.#bodies = new BodyThread(bodyProgram, workers, clock);
    const world = {
      ...{ clock, random, logger, authorizer, authenticate: gate.authenticate, bodies: this.#bodies },
      browsers: browserRule(cors, !isSigned),
      pages: serverPages({
        ...{ clock, engine: engineOf(options), health, authority, metrics },
        console: consolePages(options, isSigned),
      }),
      rates: limits === 'aws' ? new CallRates(clock) : undefined,
      ...{ audit, meter },
      freshness: parts.freshness,
      ...(owner && { owner }),
      ...(held && { held }),
    };
    const keys = keyServiceIn(options, env, parts);
    this.knownKeys = keys;
    this.keyService = keys.service;
    this.served = servicesIn(options, env, { ...parts, sights: this.sights }, keys);
    const { services } = this.served;
    this.handle = createDispatch(services, world);
    this.#handleOfPorts = needsTls(options) ? tlsOnly(services, world, this.handle) : this.handle;
    this.forOthers = ownerSide(services, world);
    this.forPeers = peerSide(services, world);
  }

  /** Takes requests that come to these places. */
  listen<At extends Place>(places: readonly At[], share?: Share): Promise<Listeners<At>> {
    const { security, identity } = this.#parts;
    const { network } = this.#env;
    return listenAt(places, (place) => {
      const handle = 'path' in place ? this.handle : this.#handleOfPorts;
      return network.listen(place, handle, identity, security.gate.recognize, share);
    });
  }

  /** Lets go of what it has, once no request is under way any more. */
  close(): Promise<void> {
    return this.#bodies.close();
  }
}

type GatewayEnv = Pick<Env, 'clock' | 'random' | 'network' | 'logger' | 'workers'>;
