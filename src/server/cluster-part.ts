import { type Cluster, openCluster } from '../cluster/cluster.ts';
import type { Duty, Member, Members } from '../cluster/members.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Env } from '../env/env.ts';
import { uuid } from '../env/random.ts';
import { StartError } from '../env/start-error.ts';
import { ClusterLoad } from '../gateway/cluster-load.ts';
import { ClusterMeter, MeterTellings } from '../gateway/cluster-meter.ts';
import type { FollowedControl } from '../gateway/control.ts';
import { CountedRecords } from '../gateway/counted-records.ts';
import { deliverySightsElsewhere } from '../gateway/delivery-sights.ts';
import { HeldCalls } from '../gateway/held-calls.ts';
import { HeldMetrics, type SendTo } from '../gateway/held-metrics.ts';
import { leaseTablesElsewhere } from '../gateway/lease-tables-elsewhere.ts';
import { sightsElsewhere, type ToldSights } from '../gateway/mapping-sights.ts';
import { OwnedRecords } from '../gateway/owned-records.ts';
import { OwnedSubscriptions } from '../gateway/owned-subscriptions.ts';
import { countersOf, OwnedThrottle } from '../gateway/owned-throttle.ts';
import { Peers, type PeersWorld } from '../gateway/peers.ts';
import { PlacedByDuty } from '../gateway/placed-by-duty.ts';
import type { ServerMeter } from '../gateway/server-meter.ts';
import type { KafkaClient } from '../log/kafka/client.ts';
import { openKafkaLog } from '../log/kafka/kafka-log.ts';
import type { LateTables } from '../services/dynamodb/tables/late-tables.ts';
import type { LateLambda } from '../services/lambda/late-lambda.ts';
import type { LeaseTable } from '../services/millrace/parts/lease-table.ts';
import type { Scope } from '../services/millrace/sights-world.ts';
import { ratesIn } from '../stream/stream-limits.ts';
import { SubscriptionTable } from '../stream/subscriptions.ts';
import { awsThrottle, localBuckets } from '../stream/throttle.ts';
import { runOnDuty } from './duty-background.ts';
import type { ServedData } from './gateway-parts.ts';
import type { KafkaStorage } from './kafka-storage.ts';
import type { ServerOptions } from './options.ts';
import type { Part } from './part.ts';
import { peerPlaces } from './peer-places.ts';
import { catalogSecretPurpose } from './secrets.ts';
import type { Security } from './security.ts';

/** What a server of a cluster has by the time that it becomes a member. */
export type Beginnings = {
  readonly storage: KafkaStorage;
  readonly control: FollowedControl;
  readonly security: Pick<Security, 'rootKey'>;
};

/**
 * Makes a server a member of its cluster, and answers which part of the work is its. It leaves the cluster
 * when the part is let go of, and others take over at once what it did for all.
 */
export async function joinCluster(settings: ServerOptions, env: Env, beginnings: Beginnings): Promise<Part> {
  await using opened = new AsyncDisposableStack();
  const { clock, logger } = env;
  const { storage, control } = beginnings;
  const { catalog, keys } = control;
  const { peers, cluster } = await joined(settings, env, beginnings, opened);
  requireTime(storage.client.time);
  const { places } = cluster;
  const { client, guard } = storage;
  const engine = openKafkaLog({ client, places, clock, cluster: settings.cluster, guard });
  opened.defer(() => engine.close());

  const rates = ratesIn(catalog, settings.limits === 'aws');
  const throttle = awsThrottle(clock, localBuckets(clock), countersOf(peers), rates);
  const counted = new CountedRecords(engine, throttle);
  const table = new SubscriptionTable(clock);
  const [background, services] = [cluster.duty('background'), cluster.duty('services')];
  await Promise.all([background, services].map((duty) => untilHeld(duty, clock)));
  const load = new ClusterLoad({ clock, catalog, duty: background, peers });
  opened.defer(() => load.stop());
  const subscriptions = new OwnedSubscriptions(peers, table);
  const stopped = new AbortController();
  opened.defer(() => stopped.abort());
  const all = opened.move();
  return {
    engine,
    parts: {
      ...{ log: new OwnedRecords(peers, counted, clock), load: load.measured, subscriptions },
      throttle: new OwnedThrottle(peers, throttle),
    },
    load: load.told,
    placement: new PlacedByDuty(cluster, clock),
    sightsElsewhere: sightsElsewhere(peers, clock),
    deliveriesElsewhere: deliverySightsElsewhere(peers, clock),
    health: () => (cluster.hasLease ? 'ok' : 'cut off'),
    gateways: () => gatewaysOf(cluster.members),
    leaseTablesElsewhere: leaseTablesElsewhere(peers, clock),
    holdsTables: () => services.isOurs(),
    runInBackground: (ticks) =>
      runOnDuty(
        [
          { duty: background, ticks: ticks.data },
          { duty: services, ticks: ticks.services },
        ],
        { clock, logger, news: [catalog, keys] },
      ),
    serving(served) {
      const { tables } = served;
      const held = { duty: services, peers, clock };
      const ofTables = new HeldCalls({ ...held, refresh: () => tables.openAnew() });
      const ofMetrics = new HeldCalls({ ...held, refresh: async () => {} });
      return {
        held: new Map([
          ['dynamodb', ofTables],
          ['cloudwatch', ofMetrics],
        ]),
        // They are opened for each term by the first call in it.
        served: { ...served, tables: openedElsewhere(tables), term: () => services.number },
      };
    },
    metrics: (own) => new HeldMetrics(services, metricsTo(peers), own),
    readings: (own) => new ClusterMeter(own, { clock, catalog, peers }),
    begin(gateway, served, meter) {
      const held = new HeldMetrics(services, metricsTo(peers), gateway.served.metrics);
      const metrics = (bytes: Uint8Array) => held.putEncoded(bytes);
      const own = { log: counted, load: load.told, subscriptions: table, throttle, metrics };
      const seen = { ...seenHere(services, served, clock), ...metersTold(meter) };
      peers.begin(cluster.members, { clock, catalog, ...own, ...seen, ...gateway.forPeers });
      detached(beginTables(services, served.tables, stopped.signal), unthinkable);
    },
    endAnswers: () => table.close(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What is told to other gateways of what was counted here. */
function metersTold(meter: ServerMeter): Pick<PeersWorld, 'metered' | 'sketches'> {
  const tellings = new MeterTellings(meter);
  return {
    metered: (question) => tellings.tell(question),
    sketches: (stream, shards) => meter.sketchesOf(stream, shards),
  };
}

/** Listens for other servers first: what it says of itself as a member is where they reach it. */
async function joined(
  settings: ServerOptions,
  env: Env,
  { storage, control, security }: Beginnings,
  opened: AsyncDisposableStack,
): Promise<{ readonly peers: Peers; readonly cluster: Cluster }> {
  const { clock, random, logger, panic } = env;
  const id = uuid(random);
  const secret = security.rootKey.unwrap(control.catalog.state.secret, catalogSecretPurpose);
  const network = await env.peers();
  const identity = network.identity(secret, id);
  const { listenAt, addressAt } = peerPlaces(settings);
  await using listening = new AsyncDisposableStack();
  const peers = listening.use(await Peers.listen(listenAt, { clock, logger, network, identity }));
  const cluster = await openCluster({
    ...{ log: storage.control, client: storage.client, clock, random, logger },
    name: settings.cluster,
    self: { id, address: addressAt(peers.address), rack: settings.rack ?? '' },
    failed: (error) => panic('the journal of the cluster cannot be followed', error),
  });
  // It leaves when nothing is under way any more.
  opened.defer(() => cluster.close());
  opened.use(listening.move());
  return { peers, cluster };
}

/** A heartbeat was just sent. Throws `StartError` for a clock by which users' requests would be refused. */
function requireTime({ isFarOff, offMs }: KafkaClient['time']): void {
  if (!isFarOff) return;
  const off = `${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead of' : 'behind'}`;
  throw new StartError(`the clock of this machine is ${off} that of the brokers: set one of them right`);
}

function metricsTo(peers: Pick<Peers, 'linkTo'>): SendTo {
  return (member) => {
    const link = peers.linkTo(member);
    return link && ((bytes) => link.client.ask('metrics', undefined, bytes));
  };
}

/** What other gateways are told of what runs here, and is held here. */
function seenHere(services: Duty, { tables, lambda, delivery }: ServedData, clock: Pick<Clock, 'turn'>) {
  return {
    sights: (uuids: readonly string[]) => sightsHere(lambda, uuids),
    deliveries: () => delivery.opened?.sight() ?? [],
    leaseTables: (scope: Scope) => leaseTablesHere(services, tables, scope, clock),
  };
}

function gatewaysOf(members: Members): readonly Member[] {
  const { self } = members;
  return [self, ...members.live().filter(({ id }) => id !== self.id)];
}

/** What was opened in an earlier term may be out of date. */
async function leaseTablesHere(
  duty: Duty,
  { opened }: LateTables,
  scope: Scope,
  clock: Pick<Clock, 'turn'>,
): Promise<readonly LeaseTable[]> {
  if (!duty.isOurs() || opened === undefined) return [];
  const { leaseTablesIn } = await import('./millrace/lease-tables.ts');
  return await leaseTablesIn(opened, scope, clock);
}

function sightsHere({ opened }: LateLambda, uuids: readonly string[]): ToldSights {
  return opened === undefined ? [] : uuids.map((uuid) => [uuid, opened.sight.shardsOf(uuid)]);
}

function openedElsewhere(tables: LateTables) {
  return {
    get opened() {
      return tables.opened;
    },
    async open() {},
  };
}

/**
 * Where a server is the first of its cluster, duties are taken up within moments. What is asked of it before
 * would have to be refused.
 */
async function untilHeld(duty: Duty, clock: Pick<Clock, 'sleep'>): Promise<void> {
  const patience = new AbortController();
  const late = clock.sleep(untilHeldMsMax, patience.signal).then(() => patience.abort());
  while (!patience.signal.aborted && duty.holder() === undefined) await duty.changed(patience.signal);
  patience.abort();
  await late;
}

const untilHeldMsMax: Millis = 3_000;

/** Reads the tables when it falls to this server to keep them, so that the first call need not wait. */
async function beginTables(duty: Duty, tables: LateTables, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    if (duty.isOurs()) tables.begin();
    await duty.changed(stopped);
  }
}
