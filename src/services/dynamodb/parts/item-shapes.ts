import {
  type BlobShape,
  type BooleanShape,
  blob,
  boolean,
  double,
  integer,
  type LazyShape,
  type ListShape,
  lazy,
  list,
  type MapShape,
  map,
  required,
  type StringShape,
  type StructureShape,
  string,
  structure,
} from '../../../wire/shape.ts';

// Shapes of items and of what is asked of them, from the service's model (API reference, data types). Members
// stand in the order in which AWS's validation names them, as far as that is known.

/** A name or an ARN. What is wrong with it says table-name.ts. */
export const tableName = string({ min: 1, max: 1024 });
export const indexName = string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' });

/**
 * One value of one of ten types. AWS reads any number of members and refuses all but one itself, so this is
 * no union of the wire: `values/` says what is wrong with it.
 */
export interface AttributeValueShape
  extends StructureShape<{
    readonly S: StringShape;
    readonly N: StringShape;
    readonly B: BlobShape;
    readonly SS: ListShape<StringShape>;
    readonly NS: ListShape<StringShape>;
    readonly BS: ListShape<BlobShape>;
    readonly M: MapShape<LazyShape<AttributeValueShape>>;
    readonly L: ListShape<LazyShape<AttributeValueShape>>;
    readonly NULL: BooleanShape;
    readonly BOOL: BooleanShape;
  }> {}

export const attributeValue: AttributeValueShape = structure('AttributeValue', {
  S: string(),
  N: string(),
  B: blob(),
  SS: list(string()),
  NS: list(string()),
  BS: list(blob()),
  M: map(lazy(() => attributeValue)),
  L: list(lazy(() => attributeValue)),
  NULL: boolean(),
  BOOL: boolean(),
});

/** An item, or a key. */
export const attributes = map(attributeValue);

export const consumedCapacityKind = string({ values: ['INDEXES', 'TOTAL', 'NONE'] });
export const collectionMetricsKind = string({ values: ['SIZE', 'NONE'] });
export const conditionalOperator = string({ values: ['OR', 'AND'] });
const onConditionFailure = string({ values: ['ALL_OLD', 'NONE'] });
export const returnValue = string({
  values: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'],
});
const comparisonOperator = string({
  values: [
    ...['IN', 'NULL', 'BETWEEN', 'LT', 'NOT_CONTAINS', 'EQ', 'GT', 'NOT_NULL', 'NE', 'LE', 'BEGINS_WITH'],
    ...['GE', 'CONTAINS'],
  ],
});
export const select = string({
  values: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'],
});
export const attributeNames = list(string({ max: 65_535 }), { min: 1 });
export const expressionNames = map(string({ max: 65_535 }));
export const expression = string();

export const expected = map(
  structure('ExpectedAttributeValue', {
    Value: attributeValue,
    Exists: boolean(),
    ComparisonOperator: comparisonOperator,
    AttributeValueList: list(attributeValue),
  }),
);

export const conditions = map(
  structure('Condition', {
    AttributeValueList: list(attributeValue),
    ComparisonOperator: required(comparisonOperator),
  }),
);

export const attributeUpdates = map(
  structure('AttributeValueUpdate', {
    Value: attributeValue,
    Action: string({ values: ['ADD', 'DELETE', 'PUT'] }),
  }),
);

/** What a write may depend on. */
export const conditional = {
  ConditionalOperator: conditionalOperator,
  Expected: expected,
  ConditionExpression: expression,
  ExpressionAttributeNames: expressionNames,
  ExpressionAttributeValues: attributes,
  ReturnValuesOnConditionCheckFailure: onConditionFailure,
};

const capacity = structure('Capacity', {
  ReadCapacityUnits: double(),
  WriteCapacityUnits: double(),
  CapacityUnits: double(),
});

export const consumedCapacity = structure('ConsumedCapacity', {
  TableName: string(),
  CapacityUnits: double(),
  ReadCapacityUnits: double(),
  WriteCapacityUnits: double(),
  Table: capacity,
  LocalSecondaryIndexes: map(capacity),
  GlobalSecondaryIndexes: map(capacity),
});

export const itemCollectionMetrics = structure('ItemCollectionMetrics', {
  ItemCollectionKey: attributes,
  SizeEstimateRangeGB: list(double()),
});

/** What every write answers besides. */
export const written = {
  Attributes: attributes,
  ConsumedCapacity: consumedCapacity,
  ItemCollectionMetrics: itemCollectionMetrics,
};

/** What a page of items answers. */
export const pageOfItems = {
  Items: list(attributes),
  Count: integer(),
  ScannedCount: integer(),
  LastEvaluatedKey: attributes,
  ConsumedCapacity: consumedCapacity,
};

export const writeRequest = structure('WriteRequest', {
  PutRequest: structure('PutRequest', { Item: required(attributes) }),
  DeleteRequest: structure('DeleteRequest', { Key: required(attributes) }),
});

export const keysAndAttributes = structure('KeysAndAttributes', {
  Keys: required(list(attributes, { min: 1, max: 100 })),
  AttributesToGet: attributeNames,
  ConsistentRead: boolean(),
  ProjectionExpression: expression,
  ExpressionAttributeNames: expressionNames,
});

/** The part of an action in a transaction that all kinds of them have. */
const action = {
  TableName: required(tableName),
  ExpressionAttributeNames: expressionNames,
  ExpressionAttributeValues: attributes,
  ReturnValuesOnConditionCheckFailure: onConditionFailure,
};

export const transactWriteItem = structure('TransactWriteItem', {
  ConditionCheck: structure('ConditionCheck', {
    Key: required(attributes),
    ConditionExpression: required(expression),
    ...action,
  }),
  Put: structure('Put', { Item: required(attributes), ConditionExpression: expression, ...action }),
  Delete: structure('Delete', { Key: required(attributes), ConditionExpression: expression, ...action }),
  Update: structure('Update', {
    Key: required(attributes),
    UpdateExpression: required(expression),
    ConditionExpression: expression,
    ...action,
  }),
});

export const transactGetItem = structure('TransactGetItem', {
  Get: required(
    structure('Get', {
      Key: required(attributes),
      TableName: required(tableName),
      ProjectionExpression: expression,
      ExpressionAttributeNames: expressionNames,
    }),
  ),
});

/** In the answer of a transaction that was not carried out, one for each of its items. */
export const cancellationReason = structure('CancellationReason', {
  Code: string(),
  Message: string(),
  Item: attributes,
});
