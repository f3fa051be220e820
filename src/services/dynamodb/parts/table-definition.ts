import type { Millis } from '../../../env/clock.ts';
import type { StructureShape, TypeOf } from '../../../wire/shape.ts';
import { invalid, invalidValue, unserved } from '../errors.ts';
import type { SecondaryIndex, Table, TableName } from '../tables/table.ts';
import { billingOf } from './billing.ts';
import {
  globalIndexesMax,
  globalIndexOf,
  localIndexesMax,
  localIndexOf,
  requireDistinct,
} from './index-definition.ts';
import { definitionsOf, keySchemaOf, requireAllKeys } from './key-definition.ts';
import type { createTableMembers } from './table-requests.ts';
import { mergeTags } from './tags.ts';

type Request = TypeOf<StructureShape<typeof createTableMembers>>;

/** The table that a request asks for, in the order of AWS's checks. */
export function tableOf(request: Request, name: TableName, id: string, now: Millis): Table {
  requireServed(request);
  const { AttributeDefinitions, KeySchema } = request;
  if (AttributeDefinitions === undefined) throw missing('attributeDefinitions');
  if (KeySchema === undefined) throw missing('keySchema');
  const billing = billingOf(request, now);
  const definitions = definitionsOf(AttributeDefinitions);
  if (KeySchema.length > definitions.length) {
    throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  }
  const keySchema = keySchemaOf(KeySchema, definitions);
  const ground = { definitions, tableKeys: keySchema, billing: billing.mode, now };
  const local = localIndexesOf(request, ground);
  const global = globalIndexesOf(request, ground);
  const indexes = [...local, ...global];
  requireDistinct(indexes);
  requireAllKeys(definitions, [keySchema, ...indexes.map((index) => index.keySchema)]);
  return {
    ...name,
    ...{
      id,
      status: 'CREATING',
      statusSince: now,
      createdAt: now,
      keySchema,
      attributes: definitions,
      indexes,
      billing,
    },
    deletionProtection: request.DeletionProtectionEnabled ?? false,
    tags: mergeTags([], request.Tags ?? []),
    tableClass: request.TableClass ?? 'STANDARD',
  };
}

function localIndexesOf(
  { LocalSecondaryIndexes: requests }: Request,
  ground: Parameters<typeof localIndexOf>[1],
): SecondaryIndex[] {
  if (requests === undefined) return [];
  if (requests.length === 0) throw invalidValue('List of LocalSecondaryIndexes is empty');
  if (ground.tableKeys.range === undefined) {
    throw invalidValue(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const indexes = requests.map((request) => localIndexOf(request, ground));
  if (indexes.length <= localIndexesMax) return indexes;
  throw invalidValue(`Number of LocalSecondaryIndexes exceeds per-table limit of ${localIndexesMax}`);
}

function globalIndexesOf(
  { GlobalSecondaryIndexes: requests }: Request,
  ground: Parameters<typeof globalIndexOf>[1],
): SecondaryIndex[] {
  if (requests === undefined) return [];
  if (requests.length === 0) throw invalidValue('List of GlobalSecondaryIndexes is empty');
  const indexes = requests.map((request) => globalIndexOf(request, ground));
  if (indexes.length <= globalIndexesMax) return indexes;
  throw invalidValue(`GlobalSecondaryIndex count exceeds the per-table limit of ${globalIndexesMax}`);
}

/** A member that AWS's model no longer requires, though an ordinary table does. */
function missing(member: string) {
  return invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** What AWS does with a table besides, and this server does not: refused by name, never half-done. */
export function requireServed(
  request: Partial<Record<(typeof unservedMembers)[number], unknown>> & Encrypted,
): void {
  const { StreamSpecification, SSESpecification } = request;
  if (StreamSpecification?.StreamEnabled === true)
    throw unserved('A stream of a table (StreamSpecification)');
  // Without a key of its own, AWS encrypts a table with one of AWS's: nothing that a client could see.
  if (SSESpecification?.KMSMasterKeyId !== undefined)
    throw unserved('A KMS key for a table (KMSMasterKeyId)');
  const asked = unservedMembers.find((name) => request[name] !== undefined);
  if (asked !== undefined) throw unserved(asked);
}

/** These have values that ask for nothing. */
type Encrypted = {
  readonly StreamSpecification?: { readonly StreamEnabled: boolean } | undefined;
  readonly SSESpecification?: { readonly KMSMasterKeyId?: string } | undefined;
};

const unservedMembers = [
  ...([
    'OnDemandThroughput',
    'WarmThroughput',
    'ResourcePolicy',
    'VectorIndexes',
    'VectorIndexUpdates',
  ] as const),
  ...(['GlobalTableSourceArn', 'GlobalTableSettingsReplicationMode', 'ReplicaUpdates'] as const),
  ...(['MultiRegionConsistency', 'GlobalTableWitnessUpdates'] as const),
] as const;
