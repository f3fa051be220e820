import { trustsService } from '../../access/policy/service-trust.ts';
import type { TableCatalogs } from '../../delivery/channel/channel-spec.ts';
import { channelActivation } from '../../delivery/channel/begin-channel.ts';
import { runDeliveries } from '../../delivery/deliveries.ts';
import type { CatalogSpec } from '../../delivery/delivery-spec.ts';
import type { DeliveryWorld } from '../../delivery/delivery-world.ts';
import type { DeliveryEdit, DeliveryState } from '../../delivery/state/delivery-state.ts';
import { openDeliveryJournal } from '../../delivery/state/open-delivery-journal.ts';
import type { Placement } from '../../cluster/placement.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import type { ObjectStore } from '../../env/object-store.ts';
import type { FollowedControl } from '../../gateway/control.ts';
import { openCatalog } from '../../iceberg/open-catalog.ts';
import type { IcebergCatalog } from '../../iceberg/iceberg-table.ts';
import { followJournal } from '../../journal/follow.ts';
import type { FollowedJournal } from '../../journal/journal.ts';
import type { Engine } from '../../log/log.ts';
import { openObjectStore } from '../../objects/open-object-store.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import type { LateLambda } from '../../services/lambda/late-lambda.ts';
import { findRole } from '../../services/sts/parts/role.ts';
import type { Gateway } from '../gateway.ts';
import { measuredIn } from '../measured.ts';
import type { ServerOptions } from '../options.ts';
import type { Security } from '../security.ts';
import { controlSegmentBytes } from '../storage.ts';
import { credentialsInVariables, endpointVariable } from '../variables.ts';
import { CountedDeliveries } from './delivery-metrics.ts';
import { deliveryKey, type RunningDelivery } from './late-delivery.ts';
import { transformFunctions } from './transform-functions.ts';
import { wantedDeliveries } from './wanted.ts';

/** What of a server deliveries work with. */
export type DeliverySurroundings = {
  readonly control: FollowedControl;
  readonly security: Security;
  readonly gateway: Pick<Gateway, 'served' | 'knownKeys'>;
  /** What keeps the records. */
  readonly engine: Engine;
  readonly placement: Placement;
  readonly lambda: LateLambda;
  /** Where metrics are put. */
  readonly metrics: Pick<MetricStore, 'put'>;
  /** Has what is due be done soon. */
  readonly nudge: () => void;
  /** A directory of this machine; undefined in a world that has none but the data directory. */
  readonly diskAt: ((directory: string) => Disk) | undefined;
};

/**
 * Opens the journal, and has deliveries run. Everything that they are made of meets here. Rejects as
 * `openDeliveryJournal` does.
 */
export async function openDelivery(
  log: Engine,
  settings: ServerOptions,
  env: Env,
  around: DeliverySurroundings,
): Promise<RunningDelivery> {
  await using opened = new AsyncDisposableStack();
  const { clock, random, logger, client, workers } = env;
  const { control, gateway, security, placement, nudge } = around;
  const { catalog, identity } = control;
  const { world: streams } = gateway.served.streams;
  const { isSigned, authorizer } = security;
  const slackBytes = controlSegmentBytes(settings.segmentBytes);
  const journal = await openDeliveryJournal(log, { slackBytes, turn: () => clock.turn() });
  if (log.writer !== undefined) opened.use(shared(journal, log, env, nudge));
  const metrics = new CountedDeliveries({ clock, logger, port: measuredIn(around.metrics) });
  opened.defer(() => metrics.close());
  const objects = objectsIn(settings, env, around);
  const catalogOf = openCatalogs(settings, env, objects);
  const catalogs = tableCatalogs(settings);
  const deliveries = opened.use(
    runDeliveries({
      ...{ clock, random, logger, client, workers, journal, catalog, placement, objects, catalogOf, metrics },
      log: streams.log,
      trim: (key, before) => around.engine.trim(key, before),
      functions: transformFunctions({
        open: () => around.lambda.open(),
        ...{ identity, authorizer: isSigned ? authorizer : undefined },
      }),
      wanted: wantedDeliveries(journal, catalog, catalogs),
    }),
  );
  const all = opened.move();
  return {
    opened: {
      ...{ journal, sight: () => deliveries.sight() },
      channels: channelActivation({
        ...{ clock, journal, log: streams.log, objects, catalogOf, catalogs, schemas },
        refusalOf: (role) => (isAssumable(role, kinesisPrincipal) ? undefined : refusalOf(role)),
      }),
      firehose: {
        ...{ journal, nudge, icebergUrl: settings.iceberg, tables },
      },
    },
    tick,
    close: () => all.disposeAsync(),
  };
}
