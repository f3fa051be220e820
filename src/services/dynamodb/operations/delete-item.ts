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
import { deleteOf } from '../parts/write-request.ts';

export const deleteItem = operation({
  name: 'DeleteItem',
  summary: 'Deletes the item of a key, if its condition holds; none is no error.',
  runs: 'owner',
  audit: 'data',
  input: structure('DeleteItemInput', {
    ReturnConsumedCapacity: consumedCapacityKind,
    TableName: required(tableName),
    Key: required(attributes),
    ReturnItemCollectionMetrics: collectionMetricsKind,
    ReturnValues: returnValue,
    ...conditional,
  }),
  output: structure('DeleteItemOutput', written),
  prepare: (world, request, caller) => {
    requireOldValues(request);
    return writeCall(world, request, deleteOf(world, request, caller));
  },
});
