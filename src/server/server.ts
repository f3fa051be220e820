import { type Credentials, parseCredentials } from '../access/credentials.ts';
import { CallRates } from '../api/call-rate.ts';
import { type Authenticate, createDispatch } from '../api/dispatch.ts';
import { encodePageWith } from '../api/subscribe-to-shard.ts';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import type { Clock } from '../env/clock.ts';
import type { Env } from '../env/env.ts';
import type { Logger } from '../env/logger.ts';
import type { Endpoint, Handler } from '../env/network.ts';
import type { Log } from '../log/log.ts';
import { runInBackground, type Tick } from '../stream/background.ts';
import { FanOut } from '../stream/fan-out.ts';
import { lifecycleTick } from '../stream/lifecycle.ts';
import { Load } from '../stream/load.ts';
import { retentionTick } from '../stream/retention.ts';
import { scalingTick } from '../stream/scaling.ts';
import { Subscriptions } from '../stream/subscriptions.ts';
import { awsThrottle, noThrottle } from '../stream/throttle.ts';
import { makeTokens } from '../stream/token.ts';
import { WrittenBatches } from '../stream/written-batches.ts';
import { createVerifier } from '../wire/sigv4.ts';
import { withHealth } from './health.ts';
import { nodeEnv } from './node-env.ts';
import { defaultOptions, type ServerOptions } from './options.ts';
import { StartError } from './start-error.ts';
import { controlSegmentBytes, openStorage } from './storage.ts';
import { openIdentity } from './tls/identity.ts';
import { readUserFile } from './user-file.ts';

/** A server that answers. */
export interface Server extends AsyncDisposable {
  readonly endpoint: Endpoint;
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Answers a request without a socket. */
  readonly handle: Handler;
  /** Lets requests under way finish, then lets go of port and data directory. Repeating it is harmless. */
  close(): Promise<void>;
}

/**
 * Builds a server in a world and starts it: the only place that builds things. Rejects with `StartError`, whose
 * message is one clear line, when the options do not fit or the world does not allow it.
 */
export async function startServer(options: Partial<ServerOptions> = {}, env?: Env): Promise<Server> {
  const settings: ServerOptions = { ...defaultOptions, ...options };
  const world = env ?? nodeEnv(settings);
  await using opened = new AsyncDisposableStack();

  const credentials = await loadCredentials(settings);
  const tls = await openIdentity(settings, world);
  opened.defer(() => tls.close());
  const storage = opened.use(await openStorage(settings, world));
  const catalog = await openCatalog(storage.catalog, controlSegmentBytes(settings.segmentBytes));
  const secret = await requireSecret(catalog, world);

  const load = new Load();
  const background = runInBackground(
    ticks({ ...world, catalog, log: storage.records }, load, settings),
    world.clock,
    world.logger,
  );
  opened.defer(() => background.stop());
  const subscriptions = new Subscriptions(world.clock);
  const written = new WrittenBatches();
  const service = {
    clock: world.clock,
    logger: world.logger,
    catalog,
    log: storage.records,
    load,
    throttle: settings.limits === 'aws' ? awsThrottle(world.clock) : noThrottle,
    tokens: makeTokens(secret, world.random),
    background,
    written,
    fanOut: new FanOut(encodePageWith(written)),
    subscriptions,
    rates: new CallRates(world.clock),
    limited: settings.limits === 'aws',
  };
  const api = createDispatch(service, authenticateWith(credentials, settings), world.random);
  const handle = withHealth(tls.around(api), settings, world.clock);
  const listening = await world.network.listen(settings, handle, tls.identity);
  opened.defer(() => listening.close());
  opened.defer(() => subscriptions.close());

  const cleanup = opened.move();
  const close = () => cleanup.disposeAsync();
  const { endpoint } = listening;
  return { endpoint, url: urlOf(endpoint), handle, close, [Symbol.asyncDispose]: close };
}

/** Scaling comes after the lifecycle, which makes streams ACTIVE again: only then they may be scaled further. */
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
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Without credentials anybody may do anything, so only this machine may ask. */
async function loadCredentials({ credentials: path, host }: ServerOptions): Promise<Credentials | undefined> {
  if (path === undefined) {
    if (isLoopback(host)) return undefined;
    throw new StartError(`without --credentials only a loopback address can be served, not ${host}`);
  }
  try {
    return parseCredentials(String(await readUserFile(path)));
  } catch (error) {
    throw new StartError(`cannot read the credentials in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function authenticateWith(
  credentials: Credentials | undefined,
  { region, account }: ServerOptions,
): Authenticate {
  const regions = region === undefined ? undefined : [region];
  const verify = createVerifier({ keys: credentials, regions });
  return (request, headers, now) => {
    const verified = verify(request, now, headers);
    const user = credentials?.find(verified.accessKeyId);
    return {
      account: user?.account ?? account,
      region: verified.region,
      user: user?.user ?? verified.accessKeyId,
    };
  };
}

/** Made once, kept for ever: iterators outlive a restart. */
async function requireSecret(catalog: Catalog, { random }: Env): Promise<Buffer> {
  if (catalog.state.secret === '') {
    const secret = random.bytes(32).toString('hex');
    await catalog.commit(() => [{ kind: 'secret-made', secret }]);
  }
  return Buffer.from(catalog.state.secret, 'hex');
}

function urlOf({ host, port }: Endpoint): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
