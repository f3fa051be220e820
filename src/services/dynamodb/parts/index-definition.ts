import type { Millis } from '../../../env/clock.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { invalidValue, unserved } from '../errors.ts';
import type { KeySchema } from '../expressions/key-condition.ts';
import type { AttributeDefinition, Billing, SecondaryIndex } from '../tables/table.ts';
import { throughputOf } from './billing.ts';
import { keySchemaOf, projectionOf } from './key-definition.ts';
import type { globalIndex, localIndex } from './table-shapes.ts';

/** What an index is made of. */
type Ground = {
  readonly definitions: readonly AttributeDefinition[];
  readonly tableKeys: KeySchema;
  readonly billing: Billing['mode'];
  readonly now: Millis;
};

/** AWS's quotas for one table (developer guide, "Secondary indexes quotas"). */
export const globalIndexesMax = 20;
export const localIndexesMax = 5;

/** A global index as a request says it. */
export function globalIndexOf(
  request: TypeOf<typeof globalIndex>,
  { definitions, billing, now }: Ground,
): SecondaryIndex {
  const { IndexName: name, ProvisionedThroughput: units, OnDemandThroughput, WarmThroughput } = request;
  if (OnDemandThroughput !== undefined) throw unserved('OnDemandThroughput');
  if (WarmThroughput !== undefined) throw unserved('WarmThroughput');
  const keySchema = keySchemaOf(request.KeySchema, definitions);
  const projection = projectionOf(request.Projection);
  const common = {
    name,
    kind: 'global',
    status: 'CREATING',
    statusSince: now,
    keySchema,
    projection,
  } as const;
  if (billing === 'PAY_PER_REQUEST') {
    if (units === undefined) return common;
    throw invalidValue(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (units === undefined) {
    throw invalidValue(`ProvisionedThroughput must be specified for index: ${name}`);
  }
  return { ...common, throughput: throughputOf(units) };
}

/** A local index as a request says it: of the table's hash key, ordered by another attribute. */
export function localIndexOf(
  { IndexName: name, KeySchema, Projection }: TypeOf<typeof localIndex>,
  { definitions, tableKeys, now }: Ground,
): SecondaryIndex {
  const keySchema = keySchemaOf(KeySchema, definitions);
  if (keySchema.range === undefined) {
    throw invalidValue(`Index KeySchema does not have a range key for index: ${name}`);
  }
  if (keySchema.hash.name !== tableKeys.hash.name) {
    throw invalidValue(
      'Index KeySchema does not have the same leading hash key as table KeySchema for index: ' +
        `${name}. index hash key: ${keySchema.hash.name}, table hash key: ${tableKeys.hash.name}`,
    );
  }
  const projection = projectionOf(Projection);
  return { name, kind: 'local', status: 'CREATING', statusSince: now, keySchema, projection };
}

/** Refuses two indexes of one name. */
export function requireDistinct(indexes: readonly SecondaryIndex[]): void {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalidValue(`Duplicate index name: ${twice}`);
}
