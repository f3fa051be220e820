import { loadCredentials } from '../access/credentials-file.ts';
import type { KeyCipher } from '../access/keys/key-cipher.ts';
import { keysTick } from '../access/keys/upkeep.ts';
import type { Clock } from '../env/clock.ts';
import type { Env } from '../env/env.ts';
import type { Logger } from '../env/logger.ts';
import type { Endpoint, HttpMessage, HttpResponse, Peer, Place, Share } from '../env/network.ts';
import { type Control, openControl, shareControl } from '../gateway/control.ts';
import { ServerMeter } from '../gateway/server-meter.ts';
import { originOf } from '../http/peer.ts';
import { placesOf } from '../http/places.ts';
import type { Engine } from '../log/log.ts';
import type { Tick } from '../stream/background.ts';
import { type ChannelActivation, ChannelLifecycle } from '../stream/channel-lifecycle.ts';
import { lifecycleTick } from '../stream/lifecycle.ts';
import type { Load } from '../stream/load.ts';
import { retentionTick } from '../stream/retention.ts';
import { scalingTick } from '../stream/scaling.ts';
import { openAuditLog } from './audit/audit-log.ts';
import { beginServices } from './begin-services.ts';
import type { Beginnings } from './cluster-part.ts';
import type { LateDelivery } from './delivery/late-delivery.ts';
import { requireFitting } from './fitting-options.ts';
import { Gateway } from './gateway.ts';
import type { KafkaStorage } from './kafka-storage.ts';
import { openKeysElsewhere } from './key-service.ts';
import type { Attach } from './lambda/begin-lambda.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { nodeEnv } from './node-env.ts';
import { defaultOptions, engineOf, type LogLevel, type ServerOptions } from './options.ts';
import { type Part, partAlone } from './part.ts';
import { Renewal } from './renewal.ts';
import type { RootUserKey } from './root-user.ts';
import { startSecurity } from './security.ts';
import { servedData } from './served-data.ts';
import { controlSegmentBytes, openStorage, type Storage } from './storage.ts';
import { needsTls, openIdentity } from './tls-identity.ts';
import { coresMin } from './workers/head-count.ts';
import { startWorkers, type Workers } from './workers/workers.ts';

/** A server that answers. */
export interface Server extends AsyncDisposable {
  /** Of the default listener, or the first one on a port; no host and port 0 where there is none. */
  readonly endpoint: Endpoint;
  /** All places where it listens: the default one, which has no name, and those of `listen`. */
  readonly endpoints: readonly Place[];
  /**
   * For `AWS_ENDPOINT_URL`: that of `endpoint`, with `https:` where ports answer over TLS only, or
   * `unix:/path` where there are only Unix sockets.
   */
  readonly url: string;
  /** Answers a request without a socket. A request without a peer counts as from no address. */
  handle(request: HttpMessage & { readonly peer?: Peer }): Promise<HttpResponse>;
  /**
   * Has a handler of this program be the function of a name, as long as this server runs, and answers its ARN
   * once it can be invoked.
   */
  readonly attach: Attach;
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
  const given: ServerOptions = { ...defaultOptions, ...options };
  const settings = { ...given, memory: engineOf(given) === 'memory' };
  requireFitting(settings);
  const own = env === undefined ? nodeEnv(settings) : undefined;
  const world = env ?? own!;
  await using opened = new AsyncDisposableStack();

  const places = placesOf(settings);
  const credentials = await credentialsIn(settings);
  const workers = await workersFor(settings, world);
  opened.defer(() => workers?.close());
  const tls = await openIdentity(settings, world);
  opened.defer(() => tls.close());
  const storage = opened.use(await openAny(settings, world));
  const archiving = 'archive' in storage ? await storage.archive?.() : undefined;
  opened.defer(() => archiving?.close());
  const audit = await openAuditLog(settings, world, own?.diskAt);
  opened.defer(() => audit.close());
  const control = await openControl(storage.control, controlSegmentBytes(settings.segmentBytes));
  const freshness = opened.use(shareControl(control, storage.control, world));
  const { security, gateStart, rootUser } = await startSecurity(control, settings, credentials, world);

  const keysElsewhere = await openKeysElsewhere(settings, world);
  const part = opened.use(await partOf(settings, world, { storage, control, security }));
  const served = servedData(storage.services, { control, security, ...world }, settings);
  const work = { ...world, ...control, cipher: security.cipher, log: part.engine };
  const { lambda, delivery } = served;
  const channels = opened.use(channelsOf(work, delivery, settings));
  const data = ticks(work, part.load, channels, settings);
  const services = [served.tables.tick, lambda.tick, delivery.tick];
  const background = part.runInBackground({ data, services });
  opened.defer(() => background.stop());
  for (const late of [lambda, delivery]) freshness?.include(() => late.current());
  const serverMeter = new ServerMeter({ ...world, ...control });
  const readings = part.readings(serverMeter);
  const owned = { ...part.parts, meter: serverMeter.own, control, freshness, health: part.health };
  const metrics = await ServerMetrics.open(settings, world, control, security.isSigned);
  const gateway = new Gateway(settings, world, {
    ...{ ...owned, background, security, audit, keysElsewhere, ...part.serving(served) },
    ...{ identity: tls.identity, authority: tls.authority, buckets: workers?.buckets },
    ...{ readings, calls: metrics.calls, metrics: metrics.page },
  });
  opened.defer(() => gateway.close());
  opened.use(metrics);
  part.begin(gateway, served, serverMeter);
  opened.defer(() => served.tables.close());
  const shown = { certificate: tls.pair, audited: audit.note, gate: gateStart };
  const counted = { calls: metrics.tell, serverMeter };
  const ownerWorld = { ...owned, ...shown, ...counted, keyService: gateway.keyService, ...gateway.forOthers };
  const listen = (ports: readonly Endpoint[], share?: Share) => gateway.listen(ports, share);
  const listening = await (workers?.begin(places.ports, ownerWorld, listen) ?? listen(places.ports));
  opened.defer(() => listening.close());
  const files = await gateway.listen(places.files, workers?.share);
  opened.defer(() => files.close());
  // Answers that would not end by themselves.
  opened.defer(() => part.endAnswers());
  const endpoints = [...listening.endpoints, ...files.endpoints];
  const built = { control, security, tls, gateway, endpoints, served, audit, workers, meters: readings };
  const parts = { ...built, part, nudge: () => background.nudge(), diskAt: world.diskAt };
  const attach = beginServices(settings, world, parts, { metrics, opened });

  const changeable = own && { changeableLogger: own.changeableLogger };
  const renewed = { settings, credentials, gate: security.gate, tls, workers, ...changeable };
  const renewal = new Renewal({ ...world, ...renewed });
  opened.defer(() => renewal.close());
  const shownHere = { endpoints, attach, reload: renewal.reload, isSigned: security.isSigned, rootUser };
  return shownServer(gateway, settings, shownHere, opened.move());
}

type Shown = Pick<Server, 'endpoints' | 'attach' | 'reload' | 'isSigned' | 'rootUser'>;

/** What is there for the program that the server is part of. */
function shownServer(
  gateway: Gateway,
  settings: ServerOptions,
  shown: Shown,
  cleanup: AsyncDisposableStack,
): Server {
  const close = () => cleanup.disposeAsync();
  const { origin, ...where } = addressOf(shown.endpoints, needsTls(settings) ? 'https' : 'http');
  const nowhere: Peer = { address: '', secure: false, listener: origin };
  return {
    ...where,
    ...shown,
    handle: (request) => gateway.handle({ peer: nowhere, ...request }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A path that is empty is one that cannot be read, not none. */
async function credentialsIn({ credentials }: ServerOptions) {
  return credentials === undefined ? undefined : await loadCredentials(credentials);
}

/** What is durable is in the data directory, in memory, or with brokers, whose client loads for it alone. */
async function openAny(settings: ServerOptions, world: Env): Promise<Storage | KafkaStorage> {
  const { archive } = settings;
  if (archive !== undefined) {
    const { openArchive } = await import('./archive/open-archive.ts');
    return await openStorage(settings, world, openArchive({ ...settings, archive }, world));
  }
  if (engineOf(settings) !== 'kafka') return await openStorage(settings, world);
  const { openKafkaStorage } = await import('./kafka-storage.ts');
  return await openKafkaStorage(settings, world);
}

/** All of the work is this server's, or its share of it. */
async function partOf(
  settings: ServerOptions,
  world: Env,
  { storage, ...others }: Omit<Beginnings, 'storage'> & { readonly storage: Storage | KafkaStorage },
): Promise<Part> {
  if ('records' in storage) return partAlone(storage.records, world);
  const { joinCluster } = await import('./cluster-part.ts');
  return await joinCluster(settings, world, { storage, ...others });
}

/** Without workers, and where none may be started, the process works on the log directly. */
async function workersFor(settings: ServerOptions, world: Env): Promise<Workers | undefined> {
  // Unix sockets are the first thread's.
  const { workers = 0 } = placesOf(settings).ports.length > 0 ? settings : {};
  const isAlone = workers === 0 || (workers === 'auto' && world.workers.coresMax < coresMin);
  return isAlone ? undefined : await startWorkers({ options: settings }, world);
}

/**
 * Scaling comes after the lifecycle, which makes streams ACTIVE again: only then may they be scaled further.
 */
function ticks(world: World, load: Load, channels: ChannelLifecycle, settings: ServerOptions): Tick[] {
  const pace = { window: settings.scalingWindow * 1000, memory: settings.scalingMemory * 1000 };
  return [
    lifecycleTick(world, settings.transitionDelay),
    () => channels.tick(),
    scalingTick(world, load, pace),
    retentionTick(world),
    keysTick(world),
  ];
}

/** Whatever channels deliver with is opened when the first of them is made ready. */
function channelsOf(
  world: World,
  delivery: LateDelivery,
  { transitionDelay }: ServerOptions,
): ChannelLifecycle {
  const begin: ChannelActivation['begin'] = async (...channel) =>
    (await delivery.open()).channels.begin(...channel);
  return new ChannelLifecycle(world, { begin }, transitionDelay);
}

type World = Pick<Control, 'catalog' | 'keys'> & {
  readonly cipher: KeyCipher;
  readonly log: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What stands for all places where one is to be named. */
function addressOf(
  [first, ...others]: readonly Place[],
  scheme: 'http' | 'https',
): Pick<Server, 'endpoint' | 'url'> & { origin: string } {
  const port = [first!, ...others].find((place) => 'port' in place);
  const origin = originOf(port ?? first!).listener;
  if (port === undefined) return { endpoint: { host: '', port: 0 }, url: origin, origin };
  return { endpoint: { host: port.host, port: port.port }, url: `${scheme}://${origin}`, origin };
}
