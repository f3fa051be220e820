import type { RequestContext } from '../../../access/policy/access.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { boolean, integer, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { namesIn } from '../expressions/condition-paths.ts';
import { requireNoKeyAttributes } from '../expressions/filter-keys.ts';
import { type KeyCondition, keyConditionOf } from '../expressions/key-condition.ts';
import { keyConditionOfLegacy } from '../legacy/legacy-condition.ts';
import { operation } from '../operation.ts';
import { requireForm } from '../parts/forms.ts';
import { contextOf, namesInProjection, selected, textOf } from '../parts/item-context.ts';
import {
  attributeNames,
  attributes,
  conditionalOperator,
  conditions,
  consumedCapacityKind,
  expression,
  expressionNames,
  indexName,
  pageOfItems,
  select,
  tableName,
} from '../parts/item-shapes.ts';
import { requireHashSize } from '../parts/key-check.ts';
import { keyNamesOf } from '../parts/key-definition.ts';
import { viewPage } from '../parts/page-view.ts';
import { pageOf } from '../parts/search.ts';
import { type SearchParts, searchPartsOf } from '../parts/search-request.ts';
import { fetchesOf } from '../parts/select.ts';
import { requirePlace, requireWithin, startKeyOf } from '../parts/start-key.ts';
import { searchedArn } from '../parts/table-arn.ts';
import { requireConsistency, requireIndex, requireItems, tableNamed } from '../parts/table-target.ts';
import { walkOf } from '../parts/walk.ts';
import type { Table, TableName } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { type DynamodbWorld, storeOf } from '../world.ts';

const input = structure('QueryInput', {
  Select: select,
  IndexName: indexName,
  ReturnConsumedCapacity: consumedCapacityKind,
  QueryFilter: conditions,
  TableName: required(tableName),
  ConditionalOperator: conditionalOperator,
  AttributesToGet: attributeNames,
  Limit: integer({ min: 1 }),
  KeyConditions: conditions,
  ExclusiveStartKey: attributes,
  ConsistentRead: boolean(),
  ScanIndexForward: boolean(),
  KeyConditionExpression: expression,
  FilterExpression: expression,
  ProjectionExpression: expression,
  ExpressionAttributeValues: attributes,
  ExpressionAttributeNames: expressionNames,
});

type Request = TypeOf<typeof input>;

export const query = operation({
  name: 'Query',
  summary: 'Reads items of one hash key, of a table or an index, in the order of their range keys.',
  runs: 'owner',
  audit: 'data',
  input,
  output: structure('QueryOutput', pageOfItems),
  prepare: (world, request, caller) => {
    requireOneKeyForm(request);
    const { KeyConditionExpression: text, QueryFilter } = request;
    const parts = searchPartsOf(world, request, QueryFilter, text !== undefined);
    const after = startKeyOf(request.ExclusiveStartKey);
    const name = tableNamed(request.TableName, caller);
    return {
      resource: searchedArn(name, request.IndexName),
      context: () => contextOfQuery(world, request, name, parts),
      run: () => answer(world, request, name, parts, after),
    };
  },
});

async function answer(
  world: DynamodbWorld,
  request: Request,
  name: TableName,
  { projection, filter, substitutions }: SearchParts,
  after: Item | undefined,
) {
  const { ConsistentRead: isConsistent = false, QueryFilter } = request;
  const store = storeOf(world);
  const table = requireItems(store, name);
  const index = requireIndex(table, request.IndexName);
  requireConsistency(index, isConsistent);
  requirePlace(table, index, after, false);
  const place = index ?? table;
  const condition = keysOf(world, request, place, substitutions);
  substitutions?.requireAllUsed();
  requireHashSize(condition.hash);
  requireWithin(place, condition, after);
  if (filter !== undefined) {
    const form = QueryFilter === undefined ? 'Filter Expression' : 'QueryFilter';
    requireNoKeyAttributes(filter, keyNamesOf(place.keySchema), form);
  }
  const fetches = fetchesOf(table, index, request, projection, filter);
  const isBackwards = request.ScanIndexForward === false;
  const walk = walkOf({ clock: world.clock, store }, table, index, after, (place) =>
    store.query(table, { index: index?.name, condition, after: place, isBackwards }),
  );
  const isCount = request.Select === 'COUNT';
  const { Limit: limit, ReturnConsumedCapacity: capacity } = request;
  const search = { table, index, filter, projection, isCount, fetches, isConsistent, limit };
  return viewPage(await pageOf(walk, search), table, isCount, capacity);
}

/** What is wrong with the key condition says the call itself, once it is allowed. */
function contextOfQuery(
  world: DynamodbWorld,
  request: Request,
  name: TableName,
  { projection, filter, substitutions }: SearchParts,
): RequestContext {
  const names = [...namesInProjection(projection), ...namesIn(filter)];
  const table = world.tables?.opened?.table(name);
  const place = table?.indexes.find((index) => index.name === request.IndexName) ?? table;
  const asked = { ...request, ...selected(request, projection) };
  if (place === undefined) return contextOf([''], names, asked);
  const keyNames = keyNamesOf(place.keySchema);
  try {
    const { hash } = keysOf(world, request, place, substitutions);
    return contextOf([textOf(hash)], [...names, ...keyNames], asked);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return contextOf([''], [...names, ...keyNames], asked);
  }
}

const forms = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
};
/** KeyConditions go together with the other expressions. */
const formsBesides = { ...forms, legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator'] };

function requireOneKeyForm(request: Request): void {
  const { KeyConditions, KeyConditionExpression } = request;
  requireForm(request, KeyConditionExpression === undefined ? formsBesides : forms);
  if (KeyConditions !== undefined || KeyConditionExpression !== undefined) return;
  throw invalid(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
}

function keysOf(
  { expressions: cache }: DynamodbWorld,
  { KeyConditions, KeyConditionExpression: text }: Request,
  { keySchema }: Pick<Table, 'keySchema'>,
  substitutions: SearchParts['substitutions'],
): KeyCondition {
  if (text === undefined) return keyConditionOfLegacy(KeyConditions!, keySchema);
  return keyConditionOf(text, substitutions!, keySchema, cache);
}
