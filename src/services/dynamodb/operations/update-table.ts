import { boolean, list, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid, invalidValue } from '../errors.ts';
import { operation } from '../operation.ts';
import { billingOf, noUnits, throughputOf } from '../parts/billing.ts';
import { requireChanges, withIndexes } from '../parts/index-changes.ts';
import { tableName } from '../parts/item-shapes.ts';
import { changeTable, requireActive } from '../parts/table-change.ts';
import { requireServed } from '../parts/table-definition.ts';
import {
  attributeDefinitions,
  billingMode,
  globalIndexUpdate,
  onDemandThroughput,
  sseSpecification,
  streamSpecification,
  tableClass,
  tableDescription,
  throughput,
  warmThroughput,
} from '../parts/table-shapes.ts';
import { viewTable } from '../parts/table-view.ts';
import type { Billing, Table } from '../tables/table.ts';
import { storeOf } from '../world.ts';

const input = structure('UpdateTableInput', {
  AttributeDefinitions: attributeDefinitions,
  TableName: required(tableName),
  BillingMode: billingMode,
  ProvisionedThroughput: throughput,
  GlobalSecondaryIndexUpdates: list(globalIndexUpdate),
  StreamSpecification: streamSpecification,
  SSESpecification: sseSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean(),
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
  GlobalTableSettingsReplicationMode: string(),
  ReplicaUpdates: list(structure('ReplicationGroupUpdate', {})),
  MultiRegionConsistency: string(),
  GlobalTableWitnessUpdates: list(structure('GlobalTableWitnessGroupUpdate', {})),
  VectorIndexUpdates: list(structure('VectorIndexUpdate', {})),
});

type Request = TypeOf<typeof input>;

export const updateTable = operation({
  name: 'UpdateTable',
  summary:
    'Changes how a table is paid for, its class or its protection, or makes or deletes one global index.',
  runs: 'owner',
  input,
  output: structure('UpdateTableOutput', { TableDescription: tableDescription }),
  prepare: (world, request, caller) =>
    changeTable(
      world,
      request.TableName,
      caller,
      (table) => {
        requireServed(request);
        requireSomething(request);
        requireChanges(request.GlobalSecondaryIndexUpdates ?? []);
        requireActive(table);
        return changed(table, request, world.clock.now());
      },
      (table) => ({ TableDescription: viewTable(storeOf(world), table) }),
    ),
});

function requireSomething(request: Request): void {
  const { BillingMode, ProvisionedThroughput, GlobalSecondaryIndexUpdates: updates } = request;
  const { TableClass, DeletionProtectionEnabled, StreamSpecification, SSESpecification } = request;
  const parts = [BillingMode, ProvisionedThroughput, TableClass, DeletionProtectionEnabled];
  const others = [StreamSpecification, SSESpecification];
  if ([...parts, ...others].some((part) => part !== undefined) || (updates ?? []).length > 0) return;
  throw invalid(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates ' +
      'or SSESpecification or ReplicaUpdates is required',
  );
}

/** The table as the request has it. One whose protection alone changes is ACTIVE meanwhile. */
function changed(table: Table, request: Request, now: number): Table {
  const {
    DeletionProtectionEnabled: isProtected,
    TableClass,
    GlobalSecondaryIndexUpdates: updates,
  } = request;
  const billing = changedBilling(table, request, now);
  const protectedTable = { ...table, deletionProtection: isProtected ?? table.deletionProtection };
  const classed = { ...protectedTable, billing, tableClass: TableClass ?? table.tableClass };
  const indexed = withIndexes(
    withThroughputs(classed, request),
    updates ?? [],
    request.AttributeDefinitions,
    now,
  );
  const isUpdating = billing !== table.billing || TableClass !== undefined || updates !== undefined;
  return isUpdating ? { ...indexed, status: 'UPDATING', statusSince: now } : indexed;
}

function changedBilling({ billing }: Table, request: Request, now: number): Billing {
  const { BillingMode = billing.mode, ProvisionedThroughput: units } = request;
  if (BillingMode !== billing.mode) {
    if (BillingMode === 'PROVISIONED' && units === undefined) {
      throw invalidValue('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
    }
    return billingOf({ BillingMode, ProvisionedThroughput: units }, now);
  }
  if (units === undefined) return billing;
  if (billing.mode === 'PAY_PER_REQUEST') throw noUnits();
  const { readUnits, writeUnits } = throughputOf(units);
  const { throughput: current } = billing;
  if (current.readUnits !== readUnits || current.writeUnits !== writeUnits) {
    return { ...billing, throughput: { readUnits, writeUnits } };
  }
  throw invalid(
    'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
      `Current ReadCapacityUnits provisioned for the table: ${current.readUnits}. ` +
      `Requested ReadCapacityUnits: ${readUnits}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${current.writeUnits}. ` +
      `Requested WriteCapacityUnits: ${writeUnits}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  );
}

/** Indexes have a throughput just where their table has one. */
function withThroughputs(table: Table, { GlobalSecondaryIndexUpdates: updates = [] }: Request): Table {
  if (table.billing.mode === 'PAY_PER_REQUEST') {
    return { ...table, indexes: table.indexes.map(({ throughput: _, ...index }) => index) };
  }
  const named = updates.flatMap(({ Update }) => Update?.IndexName ?? []);
  const lacking = table.indexes.filter(
    ({ kind, name, throughput: units }) => kind === 'global' && units === undefined && !named.includes(name),
  );
  if (lacking.length === 0) return table;
  const names = lacking.map(({ name }) => name).join(',');
  throw invalidValue(`ProvisionedThroughput must be specified for index: ${names}`);
}
