import { openCluster } from '../cluster/cluster.ts';
import type { Env } from '../env/env.ts';
import type { FollowedControl } from '../gateway/control.ts';
import { openKafkaLog } from '../log/kafka/kafka-log.ts';
import { Load } from '../stream/load.ts';
import { SubscriptionTable } from '../stream/subscriptions.ts';
import { runOnDuty } from './duty-background.ts';
import type { KafkaStorage } from './kafka-storage.ts';
import type { ServerOptions } from './options.ts';
import type { Part } from './part.ts';
import type { Security } from './security.ts';

/** What a server of a cluster has by the time that it becomes a member. */
export type Beginnings = {
  readonly storage: KafkaStorage;
  readonly control: FollowedControl;
  readonly security: Security;
};

/**
 * Makes a server a member of its cluster, and answers which part of the work is its. It leaves the cluster when
 * the part is let go, and hands over what it did for all. Rejects with `StartError` when the brokers do not
 * answer.
 */
export async function joinCluster(
  settings: ServerOptions,
  env: Env,
  { storage, control }: Beginnings,
): Promise<Part> {
  await using opened = new AsyncDisposableStack();
  const { clock, random, logger, panic } = env;
  const cluster = await openCluster({
    ...{ log: storage.control, client: storage.client, clock, random, logger },
    name: settings.cluster,
    self: { address: '', rack: settings.rack ?? '' },
    failed: (error) => panic('the journal of the cluster cannot be followed', error),
  });
  opened.defer(() => cluster.close());
  const { places } = cluster;
  const engine = openKafkaLog({ client: storage.client, places, clock, cluster: settings.cluster });
  opened.defer(() => engine.close());
  const subscriptions = new SubscriptionTable(clock);
  const load = new Load();
  const all = opened.move();
  return {
    engine,
    parts: { log: engine, load, subscriptions },
    load,
    health: () => (cluster.hasLease ? 'ok' : 'cut off'),
    endAnswers: () => subscriptions.close(),
    runInBackground: ({ data, services }) =>
      runOnDuty(
        [
          { duty: cluster.duty('background'), ticks: data },
          { duty: cluster.duty('services'), ticks: services },
        ],
        { clock, logger, news: [control.catalog, control.keys] },
      ),
    keepsServices: () => cluster.duty('services').isOurs(),
    begin() {},
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
