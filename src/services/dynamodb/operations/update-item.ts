import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { writeCall } from '../parts/item-calls.ts';
import {
  attributes,
  attributeUpdates,
  collectionMetricsKind,
  conditional,
  consumedCapacityKind,
  expression,
  returnValue,
  tableName,
  written,
} from '../parts/item-shapes.ts';
import { updateRequestOf } from '../parts/write-request.ts';

export const updateItem = operation({
  name: 'UpdateItem',
  summary: 'Changes attributes of the item of a key, or makes it, if its condition holds.',
  runs: 'owner',
  audit: 'data',
  input: structure('UpdateItemInput', {
    ReturnConsumedCapacity: consumedCapacityKind,
    TableName: required(tableName),
    ReturnItemCollectionMetrics: collectionMetricsKind,
    ReturnValues: returnValue,
    Key: required(attributes),
    AttributeUpdates: attributeUpdates,
    UpdateExpression: expression,
    ...conditional,
  }),
  output: structure('UpdateItemOutput', written),
  prepare: (world, request, caller) => writeCall(world, request, updateRequestOf(world, request, caller)),
});
