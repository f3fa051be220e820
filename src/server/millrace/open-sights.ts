import type { Catalog } from '../../catalog/catalog.ts';
import type { Env } from '../../env/env.ts';
import type { Place } from '../../env/network.ts';
import { withDeliveriesElsewhere } from '../../gateway/delivery-sights.ts';
import { KeptCounts } from '../../services/millrace/parts/counted.ts';
import type { LeaseTable } from '../../services/millrace/parts/lease-table.ts';
import type { Scope, SightsWorld } from '../../services/millrace/sights-world.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { LoggedTrail } from '../audit/logged-trail.ts';
import type { ServedData } from '../gateway-parts.ts';
import type { ServerOptions } from '../options.ts';
import type { Part } from '../part.ts';
import type { Security } from '../security.ts';
import type { Workers } from '../workers/workers.ts';
import { deliveryReaders } from './delivery-readers.ts';
import { KclReaders } from './kcl-readers.ts';
import { leaseTablesIn } from './lease-tables.ts';
import { mappingReaders } from './mapping-readers.ts';
import { KeptSurvey } from './reader-survey.ts';
import { serverFacts } from './server-facts.ts';
import { ShardLags } from './shard-lags.ts';

/** What of a server is looked at. */
export type SightsSurroundings = {
  readonly control: { readonly catalog: Catalog };
  readonly security: Pick<Security, 'authorizer' | 'isSigned'>;
  readonly part: SeenPart;
  readonly served: Pick<ServedData, 'tables' | 'lambda' | 'delivery'>;
  readonly meters: MeterReadings;
  readonly audit: Pick<AuditLog, 'place' | 'lost'>;
  readonly workers: Pick<Workers, 'busyShares'> | undefined;
  readonly endpoints: readonly Place[];
  readonly startedAt: number;
};

type SeenPart = Pick<
  Part,
  'engine' | 'health' | 'gateways' | 'holdsTables' | 'leaseTablesElsewhere' | 'deliveriesElsewhere'
>;

/** Puts together what those who look at a server see. */
export async function openSights(
  settings: ServerOptions,
  env: Env,
  around: SightsSurroundings,
): Promise<SightsWorld> {
  const { clock } = env;
  const { security, part, meters, audit, workers, endpoints, startedAt } = around;
  const ownProcess = await env.ownProcess?.();
  const { isSigned, authorizer } = security;
  const facts = { settings, env, ownProcess, startedAt, isSigned, endpoints };
  return {
    authorizer,
    counted: new KeptCounts(meters, clock),
    heatOf: (stream) => meters.heatOf(stream),
    readers: surveyOf(env, around),
    server: () =>
      serverFacts({
        ...facts,
        health: () => part.health(),
        gateways: () => part.gateways(),
        busyShares: () => workers?.busyShares() ?? [],
        auditLost: () => audit.lost(),
      }),
    audit: audit.place && new LoggedTrail(audit.place, clock),
    unaudited: 'This server keeps no audit log: --audit on, or --audit DIRECTORY, has it keep one.',
  };
}

function surveyOf(
  { clock, logger }: Pick<Env, 'clock' | 'logger'>,
  { control, part, served }: SightsSurroundings,
): KeptSurvey {
  const { catalog } = control;
  const { lambda, delivery } = served;
  return new KeptSurvey({
    ...{ clock, logger, catalog },
    applications: (scope) => leaseTables(scope, clock, part, served),
    kcl: new KclReaders(clock, new ShardLags({ log: part.engine, clock })),
    mappings: async (scope) =>
      lambda.opened === undefined ? [] : await mappingReaders(lambda.opened, scope, clock),
    async deliveries(scope) {
      const { opened } = delivery;
      if (opened === undefined) return [];
      const sights = withDeliveriesElsewhere(opened.sight(), await part.deliveriesElsewhere());
      return deliveryReaders(opened.specs(), sights, scope);
    },
  });
}

/** Tables are looked at where they are open: nobody has an application where none is. */
async function leaseTables(
  scope: Scope,
  clock: Env['clock'],
  { holdsTables, leaseTablesElsewhere }: SeenPart,
  { tables }: SightsSurroundings['served'],
): Promise<readonly LeaseTable[]> {
  if (!holdsTables()) return await leaseTablesElsewhere(scope);
  return tables.opened === undefined ? [] : await leaseTablesIn(tables.opened, scope, clock);
}
