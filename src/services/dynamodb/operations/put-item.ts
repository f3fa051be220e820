import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { writeCall } from '../parts/item-calls.ts';
import {
  attributes,
  collectionMetricsKind,
  conditional,
  consumedCapacityKind,
  returnValue,
  tableName,
  written,
} from '../parts/item-shapes.ts';
import { requireOldValues } from '../parts/old-values.ts';
import { putOf } from '../parts/write-request.ts';

export const putItem = operation({
  name: 'PutItem',
  summary: 'Puts an item in the place of the one that has its key, if its condition holds.',
  runs: 'owner',
  audit: 'data',
  input: structure('PutItemInput', {
    ReturnConsumedCapacity: consumedCapacityKind,
    TableName: required(tableName),
    Item: required(attributes),
    ReturnValues: returnValue,
    ReturnItemCollectionMetrics: collectionMetricsKind,
    ...conditional,
  }),
  output: structure('PutItemOutput', written),
  prepare: (world, request, caller) => {
    requireOldValues(request);
    return writeCall(world, request, putOf(world, request, caller));
  },
});
