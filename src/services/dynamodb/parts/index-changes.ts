import type { Millis } from '../../../env/clock.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { dynamodbError, inUse, invalid, invalidValue, limitExceeded, unserved } from '../errors.ts';
import type { AttributeDefinition, SecondaryIndex, Table } from '../tables/table.ts';
import { throughputOf } from './billing.ts';
import { globalIndexesMax, globalIndexOf } from './index-definition.ts';
import { keyNamesOf, definitionsOf as requestedOf } from './key-definition.ts';
import type { attributeDefinitions, globalIndexUpdate } from './table-shapes.ts';

type Update = TypeOf<typeof globalIndexUpdate>;

/** Refuses updates that do nothing, or two of one index, or of which two make or delete one. */
export function requireChanges(updates: readonly Update[]): void {
  const names = updates.map(({ Create, Update: changed, Delete }) => {
    const action = Create ?? changed ?? Delete;
    if (action !== undefined) return action.IndexName;
    throw invalidValue(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
        'GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  });
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw invalidValue(
      `Only one global secondary index update per index is allowed simultaneously. Index: ${twice}`,
    );
  }
  if (updates.filter(({ Create, Delete }) => Create ?? Delete).length > 1) throw oneAtATime();
}

const oneAtATime = () =>
  limitExceeded(
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );

/** The table with its indexes as the updates have them. `definitions` are the request's. */
export function withIndexes(
  table: Table,
  updates: readonly Update[],
  definitions: TypeOf<typeof attributeDefinitions> | undefined,
  now: Millis,
): Table {
  return updates.reduce((changed, { Create, Update: units, Delete }) => {
    if (Create !== undefined) return withIndex(changed, Create, requestedOf(definitions ?? []), now);
    if (units !== undefined) return withThroughput(changed, units);
    return withoutIndex(changed, Delete!.IndexName, now);
  }, table);
}

function withIndex(
  table: Table,
  request: NonNullable<Update['Create']>,
  added: readonly AttributeDefinition[],
  now: Millis,
): Table {
  requireSettled(table);
  const { IndexName: name } = request;
  if (table.indexes.some((index) => index.name === name)) {
    throw invalid(`Attempting to create an index which already exists`);
  }
  if (table.indexes.filter(({ kind }) => kind === 'global').length >= globalIndexesMax) {
    throw invalidValue(`GlobalSecondaryIndex count exceeds the per-table limit of ${globalIndexesMax}`);
  }
  const definitions = merged(definitionsOf(table), added);
  const ground = { definitions, tableKeys: table.keySchema, billing: table.billing.mode, now };
  const indexed = {
    ...table,
    attributes: definitions,
    indexes: [...table.indexes, globalIndexOf(request, ground)],
  };
  return { ...indexed, attributes: definitionsOf(indexed) };
}

/** An attribute that is a key already has the type that it has. */
function merged(
  attributes: readonly AttributeDefinition[],
  added: readonly AttributeDefinition[],
): AttributeDefinition[] {
  const fresh = added.filter(({ name, type }) => {
    const known = attributes.find((attribute) => attribute.name === name);
    if (known === undefined) return true;
    if (known.type === type) return false;
    throw invalidValue(`Attribute ${name} is defined as ${type}, while the table has it as ${known.type}`);
  });
  return [...attributes, ...fresh];
}

function withThroughput(table: Table, request: NonNullable<Update['Update']>): Table {
  const { IndexName: name, ProvisionedThroughput: units } = request;
  if (request.OnDemandThroughput !== undefined) throw unserved('OnDemandThroughput');
  if (request.WarmThroughput !== undefined) throw unserved('WarmThroughput');
  if (units === undefined) throw invalidValue(`ProvisionedThroughput must be specified for index: ${name}`);
  const index = requireGlobal(table, name);
  if (table.billing.mode === 'PAY_PER_REQUEST') {
    throw invalidValue(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  return replaced(table, { ...index, throughput: throughputOf(units) });
}

/** The index is DELETING, and is not read any more; the store's upkeep takes it away. */
function withoutIndex(table: Table, name: string, now: Millis): Table {
  const index = requireGlobal(table, name);
  if (index.status !== 'CREATING') requireSettled(table);
  return replaced(table, { ...index, status: 'DELETING', statusSince: now });
}

function requireGlobal(table: Table, name: string): SecondaryIndex {
  const index = table.indexes.find((candidate) => candidate.name === name && candidate.kind === 'global');
  if (index === undefined) {
    throw dynamodbError(
      'ResourceNotFoundException',
      `Requested resource not found: No index ${name} found for table ${table.name}`,
    );
  }
  if (index.status !== 'DELETING') return index;
  throw inUse(`Attempt to change a resource which is still in use: Index is being deleted: ${name}`);
}

function requireSettled({ indexes }: Table): void {
  if (indexes.some(({ status }) => status === 'CREATING' || status === 'DELETING')) throw oneAtATime();
}

function replaced(table: Table, changed: SecondaryIndex): Table {
  const indexes = table.indexes.map((index) => (index.name === changed.name ? changed : index));
  return { ...table, indexes };
}

/** Those definitions that a key of the table or of an index needs: an index that went leaves its own. */
export function definitionsOf(table: Table): AttributeDefinition[] {
  const schemas = [table.keySchema, ...table.indexes.map(({ keySchema }) => keySchema)];
  const used = new Set(schemas.flatMap(keyNamesOf));
  return table.attributes.filter(({ name }) => used.has(name));
}
