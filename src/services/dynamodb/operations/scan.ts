import { boolean, integer, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { namesIn } from '../expressions/condition-paths.ts';
import { operation } from '../operation.ts';
import { requireForm } from '../parts/forms.ts';
import { contextOf, namesInProjection, selected } from '../parts/item-context.ts';
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
import { viewPage } from '../parts/page-view.ts';
import { pageOf } from '../parts/search.ts';
import { type SearchParts, searchPartsOf } from '../parts/search-request.ts';
import { fetchesOf } from '../parts/select.ts';
import { requirePlace, startKeyOf } from '../parts/start-key.ts';
import { searchedArn } from '../parts/table-arn.ts';
import { requireConsistency, requireIndex, requireItems, tableNamed } from '../parts/table-target.ts';
import { walkOf } from '../parts/walk.ts';
import type { TableName } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { segmentOf } from '../values/key-bytes.ts';
import { type DynamodbWorld, storeOf } from '../world.ts';

const input = structure('ScanInput', {
  Select: select,
  IndexName: indexName,
  TotalSegments: integer({ min: 1, max: 1_000_000 }),
  ReturnConsumedCapacity: consumedCapacityKind,
  TableName: required(tableName),
  ConditionalOperator: conditionalOperator,
  ScanFilter: conditions,
  Segment: integer({ min: 0, max: 999_999 }),
  Limit: integer({ min: 1 }),
  AttributesToGet: attributeNames,
  ExclusiveStartKey: attributes,
  FilterExpression: expression,
  ProjectionExpression: expression,
  ExpressionAttributeValues: attributes,
  ExpressionAttributeNames: expressionNames,
  ConsistentRead: boolean(),
});

type Request = TypeOf<typeof input>;

export const scan = operation({
  name: 'Scan',
  summary: 'Reads all items of a table or an index, or those of one segment of many.',
  runs: 'owner',
  audit: 'data',
  input,
  output: structure('ScanOutput', pageOfItems),
  prepare: (world, request, caller) => {
    requireForm(request, forms);
    requireSegment(request);
    const parts = searchPartsOf(world, request, request.ScanFilter);
    parts.substitutions?.requireAllUsed();
    const after = startKeyOf(request.ExclusiveStartKey);
    const name = tableNamed(request.TableName, caller);
    const names = () => [...namesInProjection(parts.projection), ...namesIn(parts.filter)];
    return {
      resource: searchedArn(name, request.IndexName),
      context: () => contextOf([], names(), { ...request, ...selected(request, parts.projection) }),
      run: () => answer(world, request, name, parts, after),
    };
  },
});

const forms = {
  expressions: ['ProjectionExpression', 'FilterExpression'],
  legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
};

async function answer(
  world: DynamodbWorld,
  request: Request,
  name: TableName,
  { projection, filter }: SearchParts,
  after: Item | undefined,
) {
  const { ConsistentRead: isConsistent = false, Segment: segment, TotalSegments: segments } = request;
  const store = storeOf(world);
  const table = requireItems(store, name);
  const index = requireIndex(table, request.IndexName);
  requireConsistency(index, isConsistent);
  requirePlace(table, index, after, true);
  if (after !== undefined) requireInSegment((index ?? table).keySchema.hash.name, after, request);
  const fetches = fetchesOf(table, index, request, projection, filter);
  const walk = walkOf({ clock: world.clock, store }, table, index, after, (place) =>
    store.scan(table, { index: index?.name, after: place, segment, segments }),
  );
  const isCount = request.Select === 'COUNT';
  const { Limit: limit, ReturnConsumedCapacity: capacity } = request;
  const search = { table, index, filter, projection, isCount, fetches, isConsistent, limit };
  return viewPage(await pageOf(walk, search), table, isCount, capacity);
}

function requireSegment({ Segment, TotalSegments }: Request): void {
  if (TotalSegments === undefined) {
    if (Segment === undefined) return;
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment < TotalSegments) return;
  throw invalid(
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
      `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
  );
}

/** A page of one segment does not go on in another one. */
function requireInSegment(hashName: string, after: Item, { Segment, TotalSegments }: Request): void {
  const hash = after[hashName];
  if (Segment === undefined || TotalSegments === undefined || hash === undefined) return;
  if (segmentOf(hash, TotalSegments) === Segment) return;
  throw invalid(
    'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with ' +
      `correct Segment. TotalSegments: ${TotalSegments} Segment: ${Segment}`,
  );
}
