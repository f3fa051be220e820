import { boolean, required, structure } from '../../../wire/shape.ts';
import { project } from '../expressions/projection.ts';
import { operation } from '../operation.ts';
import { readUnits, viewUnits } from '../parts/capacity.ts';
import { readContext } from '../parts/item-context.ts';
import {
  attributeNames,
  attributes,
  consumedCapacity,
  consumedCapacityKind,
  expression,
  expressionNames,
  tableName,
} from '../parts/item-shapes.ts';
import { requireKey } from '../parts/key-check.ts';
import { wantedOf } from '../parts/read-request.ts';
import { tableArn } from '../parts/table-arn.ts';
import { factsOfTable } from '../parts/table-facts.ts';
import { requireItems, tableNamed } from '../parts/table-target.ts';
import { checkedItem } from '../values/checked-value.ts';
import { storeOf } from '../world.ts';

export const getItem = operation({
  name: 'GetItem',
  summary: 'Reads the item of a key, as the last write left it.',
  runs: 'owner',
  audit: 'data',
  input: structure('GetItemInput', {
    ReturnConsumedCapacity: consumedCapacityKind,
    TableName: required(tableName),
    Key: required(attributes),
    AttributesToGet: attributeNames,
    ConsistentRead: boolean(),
    ProjectionExpression: expression,
    ExpressionAttributeNames: expressionNames,
  }),
  output: structure('GetItemOutput', { Item: attributes, ConsumedCapacity: consumedCapacity }),
  prepare: (world, request, caller) => {
    const name = tableNamed(request.TableName, caller);
    const projection = wantedOf(world, request);
    const key = checkedItem(request.Key);
    return {
      resource: tableArn(name),
      facts: () => factsOfTable(world, name),
      context: readContext(world, [{ table: name, item: key, projection }], request),
      run: async () => {
        const store = storeOf(world);
        const table = requireItems(store, name);
        requireKey(table, key);
        const item = store.find(table, key);
        const { ReturnConsumedCapacity: asked, ConsistentRead } = request;
        return {
          Item: item === undefined || projection === undefined ? item : project(projection, item.item),
          ConsumedCapacity: viewUnits(asked, table, () => ({
            table: readUnits(item?.size ?? 0, ConsistentRead),
            indexes: new Map(),
          })),
        };
      },
    };
  },
});
