import type { SeededRandom } from '../../../../harness/random.ts';
import type { Json, JsonObject } from './dialogue.ts';
import {
  type Draft,
  drawCondition,
  drawKeyCondition,
  drawProjection,
  drawUpdate,
  Holders,
  type Tree,
} from './expressions.ts';
import { drawAttributeUpdates, drawExpected, drawFilter, drawKeyConditions } from './legacy.ts';
import { spoil } from './spoil.ts';
import type { Keys, TableShape } from './tables.ts';
import { attributes, drawAttributes, drawKey } from './values.ts';

/** One request of a program, or one per page or segment until all is read. */
export type Step = {
  readonly operation: string;
  /** Expressions in it are trees still. */
  readonly input: JsonObject;
  /** Read to its end: pages that are joined. */
  readonly isWhole?: boolean;
  /** Read by so many segments, each to its end. */
  readonly segments?: number;
  /** Items come in an order that is promised. */
  readonly isOrdered?: boolean;
};

export function drawStep(random: SeededRandom, tables: readonly TableShape[]): Step {
  const table = random.pick(tables);
  const step = drawers[random.pick(weights)]!(random, table, tables);
  return random.chance(0.08) ? { ...step, input: spoil(random, step.operation, step.input) } : step;
}

type Drawer = (random: SeededRandom, table: TableShape, tables: readonly TableShape[]) => Step;

const drawers: Readonly<Record<string, Drawer>> = {
  PutItem: putItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  GetItem: getItem,
  Query: query,
  Scan: scan,
  BatchWriteItem: batchWrite,
  BatchGetItem: batchGet,
  TransactWriteItems: transactWrite,
  TransactGetItems: transactGet,
};

const weights = [
  ...Array<string>(5).fill('PutItem'),
  ...Array<string>(6).fill('UpdateItem'),
  ...Array<string>(2).fill('DeleteItem'),
  ...Array<string>(2).fill('GetItem'),
  ...Array<string>(4).fill('Query'),
  ...Array<string>(3).fill('Scan'),
  ...['BatchWriteItem', 'BatchGetItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactGetItems'],
];

function draftOf(random: SeededRandom, table: TableShape): Draft {
  return { random, table, holders: new Holders(random) };
}

/** Names and values that the request's expressions speak of; `pruned` takes out what they do not. */
function holdersOf({ holders }: Draft): JsonObject {
  return { ExpressionAttributeNames: holders.names, ExpressionAttributeValues: holders.values };
}

/** A tree passes as JSON: both are lists of lists and texts. */
function treeAsJson(tree: Tree): Json {
  return typeof tree === 'string' ? [tree] : tree;
}

export function keyOf(random: SeededRandom, { hash, range, types }: TableShape): JsonObject {
  const first = { [hash]: drawKey(random, types[hash]!) };
  return range === undefined ? first : { ...first, [range]: drawKey(random, types[range]!) };
}

function itemOf(random: SeededRandom, table: TableShape): JsonObject {
  const indexed: Record<string, Json> = {};
  for (const [name, type] of Object.entries(table.types))
    if (random.chance(0.75)) indexed[name] = drawKey(random, type);
  return { ...drawAttributes(random), ...indexed, ...keyOf(random, table) };
}

/** No condition, an expression, or the legacy form. */
function maybeCondition(draft: Draft): JsonObject {
  const { random, table } = draft;
  if (random.chance(0.4)) return {};
  if (random.chance(0.25)) return drawExpected(random, table);
  const failed = random.chance(0.3) ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {};
  return { ConditionExpression: treeAsJson(drawCondition(draft)), ...failed };
}

function maybeReturn(random: SeededRandom, values: readonly string[]): JsonObject {
  return random.chance(0.5) ? { ReturnValues: random.pick(values) } : {};
}

function putItem(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const condition = maybeCondition(draft);
  const values = random.chance(0.05) ? ['ALL_NEW', 'UPDATED_OLD'] : ['NONE', 'ALL_OLD'];
  const input = {
    TableName: table.name,
    Item: itemOf(random, table),
    ...condition,
    ...maybeReturn(random, values),
  };
  return { operation: 'PutItem', input: { ...input, ...holdersOf(draft) } };
}

function updateItem(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const input = { TableName: table.name, Key: keyOf(random, table) };
  const returned = maybeReturn(random, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);
  if (random.chance(0.2)) {
    const expected = random.chance(0.5) ? drawExpected(random, table) : {};
    const updates = drawAttributeUpdates(random);
    return { operation: 'UpdateItem', input: { ...input, ...expected, ...updates, ...returned } };
  }
  const update = random.chance(0.95) ? { UpdateExpression: treeAsJson(drawUpdate(draft)) } : {};
  const chosen = maybeCondition(draft);
  const condition = 'Expected' in chosen ? {} : chosen;
  return {
    operation: 'UpdateItem',
    input: { ...input, ...update, ...condition, ...returned, ...holdersOf(draft) },
  };
}

function deleteItem(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const condition = maybeCondition(draft);
  const input = { TableName: table.name, Key: keyOf(random, table), ...condition };
  return {
    operation: 'DeleteItem',
    input: { ...input, ...maybeReturn(random, ['NONE', 'ALL_OLD']), ...holdersOf(draft) },
  };
}

function getItem(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const input = { TableName: table.name, Key: keyOf(random, table), ...maybeProjection(draft) };
  const consistent = random.chance(0.5) ? { ConsistentRead: true } : {};
  return { operation: 'GetItem', input: { ...input, ...consistent, ...holdersOf(draft) } };
}

function maybeProjection(draft: Draft, legacyAllowed = true): JsonObject {
  const { random, table } = draft;
  if (random.chance(0.5)) return {};
  if (legacyAllowed && random.chance(0.2)) {
    const names = [...Object.keys(attributes), ...Object.keys(table.types)].filter(() => random.chance(0.3));
    return { AttributesToGet: names.length > 0 ? names : ['a'] };
  }
  return { ProjectionExpression: treeAsJson(drawProjection(draft)) };
}

function query(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const index = random.chance(0.5) && table.indexes.length > 0 ? random.pick(table.indexes) : undefined;
  const { hash, range }: Keys = index ?? table;
  const isLegacy = random.chance(0.2);
  const condition = isLegacy
    ? drawKeyConditions(random, table, hash, range)
    : { KeyConditionExpression: treeAsJson(drawKeyCondition(draft, hash, range)) };
  const filter = isLegacy
    ? random.chance(0.4)
      ? drawFilter(random, table, 'QueryFilter')
      : {}
    : maybeFilter(draft);
  const isBounded = random.chance(0.4);
  const input = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    ...condition,
    ...filter,
    ...(isBounded && { Limit: random.between(1, 3) }),
    ...(random.chance(0.4) && { ScanIndexForward: random.chance(0.5) }),
    ...(random.chance(0.2) ? { Select: random.pick(['COUNT', 'ALL_ATTRIBUTES']) } : {}),
    ...holdersOf(draft),
  };
  // In an index several items may have one key, and what comes first of them is nobody's promise.
  const isOrdered = index === undefined;
  return { operation: 'Query', input, isOrdered, isWhole: isBounded && (!isOrdered || random.chance(0.7)) };
}

function maybeFilter(draft: Draft): JsonObject {
  // Keys are not to be filtered by, so these conditions speak of other attributes.
  const { random, table } = draft;
  if (random.chance(0.6)) return {};
  const free = { ...draft, table: { ...table, types: { a: 'N' as const } } };
  return { FilterExpression: treeAsJson(drawCondition(free)) };
}

function scan(random: SeededRandom, table: TableShape): Step {
  const draft = draftOf(random, table);
  const index = random.chance(0.25) && table.indexes.length > 0 ? random.pick(table.indexes) : undefined;
  const filter = random.chance(0.2) ? drawFilter(random, table, 'ScanFilter') : maybeFilter(draft);
  const input = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    ...filter,
    ...('ScanFilter' in filter ? {} : maybeProjection(draft, false)),
    ...(random.chance(0.4) && { Limit: random.between(1, 4) }),
    ...holdersOf(draft),
  };
  const segments = random.chance(0.3) ? random.between(2, 4) : undefined;
  return { operation: 'Scan', input, isWhole: true, ...(segments !== undefined && { segments }) };
}

function batchWrite(random: SeededRandom, _table: TableShape, tables: readonly TableShape[]): Step {
  const requests: Record<string, Json> = {};
  for (const table of tables) {
    const count = random.below(4);
    if (count > 0) requests[table.name] = Array.from({ length: count }, () => writeRequest(random, table));
  }
  return { operation: 'BatchWriteItem', input: { RequestItems: requests } };
}

function writeRequest(random: SeededRandom, table: TableShape): JsonObject {
  return random.chance(0.7)
    ? { PutRequest: { Item: itemOf(random, table) } }
    : { DeleteRequest: { Key: keyOf(random, table) } };
}

function batchGet(random: SeededRandom, _table: TableShape, tables: readonly TableShape[]): Step {
  const requests: Record<string, Json> = {};
  for (const table of tables) {
    const count = random.below(4);
    const draft = draftOf(random, table);
    const keys = Array.from({ length: count }, () => keyOf(random, table));
    if (count > 0) requests[table.name] = { Keys: keys, ...maybeProjection(draft), ...namesOf(draft) };
  }
  return { operation: 'BatchGetItem', input: { RequestItems: requests } };
}

function namesOf({ holders }: Draft): JsonObject {
  return { ExpressionAttributeNames: holders.names };
}

function transactWrite(random: SeededRandom, _table: TableShape, tables: readonly TableShape[]): Step {
  const items = Array.from({ length: random.between(1, 3) }, () => transactItem(random, random.pick(tables)));
  return { operation: 'TransactWriteItems', input: { TransactItems: items } };
}

function transactItem(random: SeededRandom, table: TableShape): JsonObject {
  const draft = draftOf(random, table);
  const condition = { ConditionExpression: treeAsJson(drawCondition(draft)) };
  const maybe = random.chance(0.4) ? condition : {};
  const failed = random.chance(0.3) ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {};
  const TableName = table.name;
  const Key = keyOf(random, table);
  switch (random.pick(['Put', 'Put', 'Update', 'Update', 'Delete', 'ConditionCheck'])) {
    case 'Put':
      return { Put: { TableName, Item: itemOf(random, table), ...maybe, ...failed, ...holdersOf(draft) } };
    case 'Update': {
      const update = { UpdateExpression: treeAsJson(drawUpdate(draft)) };
      return { Update: { TableName, Key, ...update, ...maybe, ...failed, ...holdersOf(draft) } };
    }
    case 'Delete':
      return { Delete: { TableName, Key, ...maybe, ...failed, ...holdersOf(draft) } };
    default:
      return { ConditionCheck: { TableName, Key, ...condition, ...failed, ...holdersOf(draft) } };
  }
}

function transactGet(random: SeededRandom, _table: TableShape, tables: readonly TableShape[]): Step {
  const items = Array.from({ length: random.between(1, 3) }, () => {
    const table = random.pick(tables);
    const draft = draftOf(random, table);
    const projection = maybeProjection(draft, false);
    return { Get: { TableName: table.name, Key: keyOf(random, table), ...projection, ...namesOf(draft) } };
  });
  return { operation: 'TransactGetItems', input: { TransactItems: items } };
}
