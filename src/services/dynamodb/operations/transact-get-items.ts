import { list, required, structure } from '../../../wire/shape.ts';
import { project } from '../expressions/projection.ts';
import { operation } from '../operation.ts';
import { doubled, readUnits } from '../parts/capacity.ts';
import { consumedBy } from '../parts/consumed.ts';
import { readContext } from '../parts/item-context.ts';
import { attributes, consumedCapacity, consumedCapacityKind, transactGetItem } from '../parts/item-shapes.ts';
import { requireKey } from '../parts/key-check.ts';
import { wantedOf } from '../parts/read-request.ts';
import { countedView, Reading } from '../parts/reading.ts';
import { tableArn } from '../parts/table-arn.ts';
import { requireItems, tableNamed } from '../parts/table-target.ts';
import { allOrNone, requireOneEach, transactionBytesMax } from '../parts/transaction.ts';
import type { Written } from '../parts/write.ts';
import { checkedItem } from '../values/checked-value.ts';
import { sizeOf } from '../values/size.ts';
import { storeOf } from '../world.ts';

export const transactGetItems = operation({
  name: 'TransactGetItems',
  summary: 'Reads up to 100 items as they are at one moment.',
  runs: 'owner',
  audit: 'data',
  input: structure('TransactGetItemsInput', {
    TransactItems: required(list(transactGetItem, { min: 1, max: 100 })),
    ReturnConsumedCapacity: consumedCapacityKind,
  }),
  output: structure('TransactGetItemsOutput', {
    ConsumedCapacity: list(consumedCapacity),
    Responses: list(structure('ItemResponse', { Item: attributes })),
  }),
  prepare: (world, request, caller) => {
    const wanted = request.TransactItems.map(({ Get }) => ({
      table: tableNamed(Get.TableName, caller),
      item: checkedItem(Get.Key),
      projection: wantedOf(world, Get),
    }));
    return {
      resource: tableArn(wanted[0]!.table),
      permissions: wanted.map((each) => {
        const context = readContext(world, [each], request);
        return { action: 'dynamodb:GetItem', resource: tableArn(each.table), context };
      }),
      run: async () => {
        const store = storeOf(world);
        requireOneEach(store, wanted);
        const reading = new Reading(transactionBytesMax);
        const counted = countedView(store, reading);
        const read = allOrNone(wanted, reading, ({ table: name, item: key, projection }) => {
          const table = requireItems(store, name);
          requireKey(table, key);
          const item = counted.get(table, key);
          return { table, item, projection };
        });
        return {
          ConsumedCapacity: consumedBy(
            read.map(({ table, item }) => ({
              ...{ table, before: item, existed: item !== undefined, after: item, touched: [] },
            })),
            request.ReturnConsumedCapacity,
            unitsOf,
            'Read',
          ),
          Responses: read.map(({ item, projection }) => {
            if (item === undefined) return {};
            return { Item: projection === undefined ? item : project(projection, item) };
          }),
        };
      },
    };
  },
});

function unitsOf({ before }: Written) {
  return doubled({
    table: readUnits(before === undefined ? 0 : sizeOf(before), true),
    indexes: new Map<string, number>(),
  });
}
