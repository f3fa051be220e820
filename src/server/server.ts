import { loadCredentials } from '../access/credentials-file.ts';
import { KeyCipher } from '../access/keys/key-cipher.ts';
import type { Keys } from '../access/keys/keys.ts';
import { keysTick } from '../access/keys/upkeep.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../env/clock.ts';
import type { Env } from '../env/env.ts';
import type { Logger } from '../env/logger.ts';
import type { Endpoint, HttpMessage, HttpResponse, Peer, Share } from '../env/network.ts';
import { openControl } from '../gateway/control.ts';
import { authorityOf } from '../http/peer.ts';
import type { Engine } from '../log/log.ts';
import { runInBackground, type Tick } from '../stream/background.ts';
import { lifecycleTick } from '../stream/lifecycle.ts';
import { Load } from '../stream/load.ts';
import { retentionTick } from '../stream/retention.ts';
import { scalingTick } from '../stream/scaling.ts';
import { SubscriptionTable } from '../stream/subscriptions.ts';
import { Gateway } from './gateway.ts';
import { openKeysElsewhere } from './key-service.ts';
import { nodeEnv } from './node-env.ts';
import { defaultOptions, type LogLevel, type ServerOptions } from './options.ts';
import { Renewal } from './renewal.ts';
import type { RootUserKey } from './root-user.ts';
import { startSecurity } from './security.ts';
import { controlSegmentBytes, openStorage } from './storage.ts';
import { openIdentity } from './tls-identity.ts';
import { coresMin } from './workers/head-count.ts';
import { startWorkers, type Workers } from './workers/workers.ts';

/** A server that answers. */
export interface Server extends AsyncDisposable {
  readonly endpoint: Endpoint;
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Answers a request without a socket. A request without a peer counts as from no address. */
  handle(request: HttpMessage & { readonly peer?: Peer }): Promise<HttpResponse>;
  /**
   * Reads the certificate and the credentials again, and logs at another level from now on if one is given. A
   * change that cannot be used is logged, and what was there before stays.
   */
  reload(change?: { readonly logLevel?: LogLevel }): Promise<void>;
  /** Whether callers have to prove who they are: their signatures are verified. */
  readonly isSigned: boolean;
  /** The access key of the root user, if this start has made it: it is told here alone. */
  readonly rootUser?: RootUserKey | undefined;
  /** Lets requests under way finish, then lets go of port and data directory. Repeating it is harmless. */
  close(): Promise<void>;
}

/**
 * Builds a server in a world and starts it: the only place that builds things. Rejects with `StartError`,
 * whose message is one clear line, when the options do not fit or the world does not allow it.
 */
export async function startServer(options: Partial<ServerOptions> = {}, env?: Env): Promise<Server> {
  const settings: ServerOptions = { ...defaultOptions, ...options };
  const own = env === undefined ? nodeEnv(settings) : undefined;
  const world = env ?? own!;
  await using opened = new AsyncDisposableStack();

  const credentials =
    settings.credentials === undefined ? undefined : await loadCredentials(settings.credentials);
  const workers = await workersFor(settings, world);
  opened.defer(() => workers?.close());
  const tls = await openIdentity(settings, world);
  opened.defer(() => tls.close());
  const storage = opened.use(await openStorage(settings, world));
  const control = await openControl(storage.control, controlSegmentBytes(settings.segmentBytes));
  const { security, gateStart, rootUser } = await startSecurity(control, settings, credentials, world);
  const { catalog } = control;

  const keysElsewhere = await openKeysElsewhere(settings, world);
  const load = new Load();
  const cipher = new KeyCipher(security.rootKey, world.random);
  const background = runInBackground(
    ticks({ ...world, catalog, log: storage.records, keys: control.keys, cipher }, load, settings),
    world.clock,
    world.logger,
  );
  opened.defer(() => background.stop());
  const log = storage.records;
  const subscriptions = new SubscriptionTable(world.clock);
  const gateway = new Gateway(settings, world, {
    ...{ control, log, load, background, subscriptions, security, keysElsewhere },
    identity: tls.identity,
    buckets: workers?.buckets,
    isAlive: () => true,
    authority: tls.authority,
  });
  opened.defer(() => gateway.close());
  const ownerWorld = {
    ...{ control, log, load, subscriptions, certificate: tls.pair, ...gateway.forOthers },
    keyService: gateway.keyService,
    gate: gateStart,
  };
  const listen = (asked: Endpoint, share?: Share) => gateway.listen(asked, share);
  const listening = await (workers?.begin(settings, ownerWorld, listen) ?? listen(settings));
  opened.defer(() => listening.close());
  // Answers that would not end by themselves.
  opened.defer(() => subscriptions.close());

  const { logger, clock } = world;
  const { changeableLogger } = own ?? {};
  const { gate } = security;
  const renewal = new Renewal({ settings, credentials, gate, tls, clock, logger, changeableLogger, workers });
  opened.defer(() => renewal.close());

  const cleanup = opened.move();
  const close = () => cleanup.disposeAsync();
  const { endpoint } = listening;
  const nowhere: Peer = { address: '', secure: false, listener: authorityOf(endpoint) };
  return {
    endpoint,
    url: urlOf(endpoint),
    handle: (request) => gateway.handle({ peer: nowhere, ...request }),
    reload: renewal.reload,
    isSigned: security.isSigned,
    rootUser,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Without workers, and where none may be started, the process works on the log directly. */
async function workersFor(settings: ServerOptions, world: Env): Promise<Workers | undefined> {
  const { workers = 0 } = settings;
  const isAlone = workers === 0 || (workers === 'auto' && world.workers.coresMax < coresMin);
  return isAlone ? undefined : await startWorkers({ options: settings }, world);
}

/**
 * Scaling comes after the lifecycle, which makes streams ACTIVE again: only then may they be scaled further.
 */
function ticks(world: World, load: Load, settings: ServerOptions): Tick[] {
  const pace = { window: settings.scalingWindow * 1000, memory: settings.scalingMemory * 1000 };
  return [
    lifecycleTick(world, settings.transitionDelay),
    scalingTick(world, load, pace),
    retentionTick(world),
    keysTick(world),
  ];
}

type World = {
  readonly catalog: Catalog;
  readonly keys: Keys;
  readonly cipher: KeyCipher;
  readonly log: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
};

function urlOf(endpoint: Endpoint): string {
  return `http://${authorityOf(endpoint)}`;
}
