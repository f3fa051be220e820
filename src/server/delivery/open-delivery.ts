import type { Placement } from '../../cluster/placement.ts';
import { channelActivation } from '../../delivery/channel/begin-channel.ts';
import { runDeliveries } from '../../delivery/deliveries.ts';
import { deliveryKey } from '../../delivery/state/delivery-key.ts';
import type { DeliveryEdit, DeliveryState } from '../../delivery/state/delivery-state.ts';
import { openDeliveryJournal } from '../../delivery/state/open-delivery-journal.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import type { ObjectStore } from '../../env/object-store.ts';
import type { FollowedControl } from '../../gateway/control.ts';
import { type DeliverySightsElsewhere, withDeliveriesElsewhere } from '../../gateway/delivery-sights.ts';
import { followJournal } from '../../journal/follow.ts';
import type { FollowedJournal } from '../../journal/journal.ts';
import type { Engine } from '../../log/log.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import { deliveryKeys } from '../../services/firehose/parts/delivery-keys.ts';
import { firehoseTick } from '../../services/firehose/upkeep.ts';
import type { LateLambda } from '../../services/lambda/late-lambda.ts';
import { endpointRefusal } from '../delivery-options.ts';
import type { Gateway } from '../gateway.ts';
import { measuredIn } from '../measured.ts';
import { objectStores } from '../object-stores.ts';
import type { ServerOptions } from '../options.ts';
import type { Security } from '../security.ts';
import { controlSegmentBytes } from '../storage.ts';
import { credentialsInVariables, endpointVariable } from '../variables.ts';
import { CountedDeliveries } from './delivery-metrics.ts';
import { firehosePrincipal, firehoseSession } from './firehose-principal.ts';
import type { RunningDelivery } from './late-delivery.ts';
import { noSchemas, openSchemas } from './schemas.ts';
import { deliveryRights, kinesisPrincipal, mayTakeOn, requireSource } from './source-roles.ts';
import { openCatalogs, tableCatalogs } from './table-catalogs.ts';
import { transformFunctions } from './transform-functions.ts';
import { wantedDeliveries } from './wanted.ts';
import { warehouseCatalogs } from './warehouse-catalogs.ts';

/** What of a server deliveries work with. */
export type DeliverySurroundings = {
  readonly control: FollowedControl;
  readonly security: Security;
  readonly gateway: Pick<Gateway, 'served' | 'knownKeys'>;
  /** What keeps the records. */
  readonly engine: Engine;
  readonly placement: Placement;
  readonly lambda: LateLambda;
  /** What other gateways tell of deliveries. */
  readonly deliveriesElsewhere: DeliverySightsElsewhere;
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
  const slackBytes = controlSegmentBytes(settings.segmentBytes);
  const journal = await openDeliveryJournal(log, { slackBytes, turn: () => clock.turn() });
  if (log.writer !== undefined) opened.use(shared(journal, log, env, nudge));
  const metrics = new CountedDeliveries({ clock, logger, port: measuredIn(around.metrics) });
  opened.defer(() => metrics.close());
  const authorizer = security.isSigned ? security.authorizer : undefined;
  const roles = { identity, catalog, authorizer };
  const refusal = endpointRefusal(settings);
  const objects = objectsIn(settings, env, around);
  const catalogOf = openCatalogs(settings, env, objects);
  const catalogs = tableCatalogs(settings.iceberg);
  const warehouses = warehouseCatalogs(settings);
  const wanted = wantedDeliveries(journal, catalog, { catalogs, warehouses });
  const deliveries = opened.use(
    runDeliveries({
      ...{ clock, random, logger, client, workers, journal, catalog, placement, objects, catalogOf, metrics },
      log: streams.log,
      rights: deliveryRights({ roles, keyUse: streams.keyUse, endpointRefusal: refusal }),
      trim: (key, before) => around.engine.trim(key, before),
      functions: transformFunctions({ open: () => around.lambda.open(), identity, authorizer }),
      wanted,
    }),
  );
  const schemas = schemasIn(settings, env, around);
  const { transitionDelay } = settings;
  const { encryptionKey } = streams;
  const all = opened.move();
  return {
    opened: {
      ...{ journal, specs: () => wanted.all(), sight: () => deliveries.sight() },
      channels: channelActivation({
        ...{ clock, journal, log: streams.log, objects, catalogOf, catalogs, schemas },
        refusalOf: (role, channel) =>
          mayTakeOn(roles, role, { service: kinesisPrincipal, for: channel })
            ? undefined
            : `Kinesis is unable to assume role ${role}`,
      }),
      firehose: {
        ...{ journal, nudge, schemas },
        keys: deliveryKeys({
          service: gateway.knownKeys.service,
          factsOfKey: gateway.knownKeys.factsOf,
          authorizer: security.authorizer,
        }),
        requireSource: (arn, role) => requireSource(roles, arn, role, firehoseSession),
        endpointRefusal: refusal,
        isAssumable: (role, by) => mayTakeOn(roles, role, { service: firehosePrincipal, for: by }),
        sights: async () =>
          withDeliveriesElsewhere(await deliveries.lookAround(), await around.deliveriesElsewhere()),
      },
    },
    tick: firehoseTick({ catalog, journal, clock, transitionDelay, encryptionKey, nudge }),
    close: () => all.disposeAsync(),
  };
}

/** What other gateways commit shows here, and what they have begun is gone on with. */
function shared(
  journal: FollowedJournal<DeliveryState, DeliveryEdit>,
  log: Engine,
  { clock, panic }: Pick<Env, 'clock' | 'panic'>,
  nudge: () => void,
): AsyncDisposable {
  journal.follow(({ edits }) => {
    if (edits.some(({ of }) => of === 'stream')) nudge();
  });
  return followJournal(journal, log, deliveryKey, { clock, panic });
}

/** Undefined where it is not said where objects go. */
function objectsIn(
  settings: ServerOptions,
  { clock, random, client, disk }: Env,
  { diskAt = () => disk }: DeliverySurroundings,
): ObjectStore | undefined {
  return objectStores(settings, { clock, random, client, diskAt })(settings.region ?? 'us-east-1');
}

function schemasIn(
  settings: ServerOptions,
  { clock, client, disk }: Env,
  { diskAt = () => disk }: DeliverySurroundings,
) {
  const url = settings.schemas ?? endpointVariable('GLUE');
  if (url === undefined) return noSchemas;
  return openSchemas(url, { clock, client, diskAt, credentials: credentialsInVariables() });
}
