import type { OutputOf } from '../../../wire/shape.ts';
import type { KeySchema } from '../expressions/key-condition.ts';
import type { SecondaryIndex, Table, Throughput } from '../tables/table.ts';
import type { TableStore } from '../tables/table-store.ts';
import { definitionsOf } from './index-changes.ts';
import { indexArn, tableArn } from './table-arn.ts';
import type { tableDescription } from './table-shapes.ts';

type Description = OutputOf<typeof tableDescription>;

/** A table as it is described. Sizes are those of now; AWS's are hours old. */
export function viewTable(store: TableStore, table: Table): Description {
  const { items, bytes } = store.sizeOf(table);
  const views = (kind: SecondaryIndex['kind']) => {
    const indexes = table.indexes.filter((index) => index.kind === kind);
    return indexes.length === 0 ? undefined : indexes.map((index) => viewIndex(store, table, index));
  };
  return {
    AttributeDefinitions: definitionsOf(table).map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    TableName: table.name,
    KeySchema: viewKeys(table.keySchema),
    TableStatus: table.status,
    CreationDateTime: table.createdAt,
    ProvisionedThroughput: viewThroughput(throughputOf(table)),
    TableSizeBytes: bytes,
    ItemCount: items,
    TableArn: tableArn(table),
    TableId: table.id,
    ...viewBilling(table),
    LocalSecondaryIndexes: views('local'),
    GlobalSecondaryIndexes: views('global'),
    TableClassSummary: table.tableClass === 'STANDARD' ? undefined : { TableClass: table.tableClass },
    DeletionProtectionEnabled: table.deletionProtection,
  };
}

/** Nothing as long as a table has been PROVISIONED ever since. */
function viewBilling({ billing, createdAt }: Table): Pick<Description, 'BillingModeSummary'> {
  const { mode, since } = billing;
  if (mode === 'PROVISIONED') {
    return since === createdAt ? {} : { BillingModeSummary: { BillingMode: mode } };
  }
  return { BillingModeSummary: { BillingMode: mode, LastUpdateToPayPerRequestDateTime: since } };
}

function throughputOf({ billing }: Table): Throughput {
  return billing.mode === 'PROVISIONED' ? billing.throughput : { readUnits: 0, writeUnits: 0 };
}

function viewThroughput({ readUnits, writeUnits }: Throughput): Description['ProvisionedThroughput'] {
  return { NumberOfDecreasesToday: 0, ReadCapacityUnits: readUnits, WriteCapacityUnits: writeUnits };
}

function viewIndex(store: TableStore, table: Table, index: SecondaryIndex) {
  const { items, bytes } = store.sizeOfIndex(table, index.name);
  const { type, attributes } = index.projection;
  const common = {
    IndexName: index.name,
    KeySchema: viewKeys(index.keySchema),
    Projection: { ProjectionType: type, ...(type === 'INCLUDE' && { NonKeyAttributes: attributes }) },
    IndexSizeBytes: bytes,
    ItemCount: items,
    IndexArn: indexArn(table, index.name),
  };
  if (index.kind === 'local') return common;
  return {
    ...common,
    IndexStatus: index.status,
    ...(index.status === 'CREATING' && table.status !== 'CREATING' && { Backfilling: true }),
    ProvisionedThroughput: viewThroughput(index.throughput ?? { readUnits: 0, writeUnits: 0 }),
  };
}

function viewKeys({ hash, range }: KeySchema): { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[] {
  const keys = [{ AttributeName: hash.name, KeyType: 'HASH' as const }];
  return range === undefined ? keys : [...keys, { AttributeName: range.name, KeyType: 'RANGE' as const }];
}
