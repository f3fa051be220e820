import { Gate, loadCredentials } from '../access/gate.ts';
import { openKeys } from '../access/keys/keys.ts';
import { readRootKey } from '../access/keys/root-key-source.ts';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import type { Clock } from '../env/clock.ts';
import type { Env } from '../env/env.ts';
import type { Logger } from '../env/logger.ts';
import type { Endpoint, HttpMessage, HttpResponse, Peer, Share } from '../env/network.ts';
import { authorityOf } from '../http/peer.ts';
import type { Engine } from '../log/log.ts';
import { runInBackground, type Tick } from '../stream/background.ts';
import { lifecycleTick } from '../stream/lifecycle.ts';
import { Load } from '../stream/load.ts';
import { retentionTick } from '../stream/retention.ts';
import { scalingTick } from '../stream/scaling.ts';
import { SubscriptionTable } from '../stream/subscriptions.ts';
import { Gateway } from './gateway.ts';
import { ownerKeys } from './key-service.ts';
import { nodeEnv } from './node-env.ts';
import { defaultOptions, type LogLevel, type ServerOptions } from './options.ts';
import { Renewal } from './renewal.ts';
import { servedScopes } from './services.ts';
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

  const credentials = await loadCredentials(settings);
  const workers = await workersFor(settings, credentials, world);
  opened.defer(() => workers?.close());
  const tls = await openIdentity(settings, world);
  opened.defer(() => tls.close());
  const storage = opened.use(await openStorage(settings, world));
  const catalog = await openCatalog(storage.control, controlSegmentBytes(settings.segmentBytes));
  const keys = await openKeys(storage.control, controlSegmentBytes(settings.segmentBytes));
  const rootKey = await readRootKey(settings.rootKey, { ...world, memory: settings.memory });
  const streamKeys = await ownerKeys(settings, world, { keys, rootKey });
  await requireSecret(catalog, world);

  const load = new Load();
  const background = runInBackground(
    ticks({ ...world, catalog, log: storage.records }, load, settings),
    world.clock,
    world.logger,
  );
  opened.defer(() => background.stop());
  const log = storage.records;
  const subscriptions = new SubscriptionTable(world.clock);
  const gate = new Gate(credentials, settings, world.clock, servedScopes);
  const gateway = new Gateway(settings, world, {
    ...{ catalog, log, load, background, subscriptions, gate, ...streamKeys },
    identity: tls.identity,
    buckets: workers?.buckets,
    isAlive: () => true,
    authority: tls.authority,
  });
  opened.defer(() => gateway.close());
  const { keyService } = streamKeys;
  const ownerWorld = {
    ...{ catalog, log, load, subscriptions, keyService, certificate: tls.pair },
    ...gateway.forOthers,
  };
  const listen = (asked: Endpoint, share?: Share) => gateway.listen(asked, share);
  const listening = await (workers?.begin(settings, ownerWorld, listen) ?? listen(settings));
  opened.defer(() => listening.close());
  // Answers that would not end by themselves.
  opened.defer(() => subscriptions.close());

  const cleanup = opened.move();
  const close = () => cleanup.disposeAsync();
  const { endpoint } = listening;
  const { logger } = world;
  const renewed = {
    settings,
    credentials,
    gate,
    tls,
    logger,
    changeableLogger: own?.changeableLogger,
    workers,
  };
  const { reload } = new Renewal(renewed);
  const nowhere: Peer = { address: '', secure: false, listener: authorityOf(endpoint) };
  return {
    endpoint,
    url: urlOf(endpoint),
    handle: (request) => gateway.handle({ peer: nowhere, ...request }),
    reload,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Without workers, and where none may be started, the process works on the log directly. */
async function workersFor(
  settings: ServerOptions,
  credentials: string | undefined,
  world: Env,
): Promise<Workers | undefined> {
  const { workers = 0 } = settings;
  const isAlone = workers === 0 || (workers === 'auto' && world.workers.coresMax < coresMin);
  return isAlone ? undefined : await startWorkers({ options: settings, credentials }, world);
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
  ];
}

type World = {
  readonly catalog: Catalog;
  readonly log: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Made once, kept for ever: iterators outlive a restart. */
async function requireSecret(catalog: Catalog, { random }: Env): Promise<void> {
  if (catalog.state.secret !== '') return;
  const secret = random.bytes(32).toString('hex');
  await catalog.commit(() => [{ kind: 'secret-made', secret }]);
}

function urlOf(endpoint: Endpoint): string {
  return `http://${authorityOf(endpoint)}`;
}
