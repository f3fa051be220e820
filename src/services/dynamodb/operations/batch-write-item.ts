import type { Caller } from '../../../access/caller.ts';
import { list, map, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { consumedBy } from '../parts/consumed.ts';
import { DistinctKeys } from '../parts/distinct-keys.ts';
import { itemContext } from '../parts/item-context.ts';
import {
  collectionMetricsKind,
  consumedCapacity,
  consumedCapacityKind,
  itemCollectionMetrics,
  writeRequest,
} from '../parts/item-shapes.ts';
import { tableArn } from '../parts/table-arn.ts';
import { tableNamed } from '../parts/table-target.ts';
import { blindly, decide, editsOf, requireItemSize, type Write, type Written } from '../parts/write.ts';
import { viewCollection } from '../parts/written-view.ts';
import type { TableView } from '../tables/table-store.ts';
import { checkedItem } from '../values/checked-value.ts';
import { storeOf } from '../world.ts';

const requestItems = map(list(writeRequest), { min: 1, max: 25 });

/** Puts and deletes of one request (API reference, BatchWriteItem). */
const writesMax = 25;

export const batchWriteItem = operation({
  name: 'BatchWriteItem',
  summary: 'Puts or deletes up to 25 items, of one table or several, without conditions.',
  runs: 'owner',
  audit: 'data',
  input: structure('BatchWriteItemInput', {
    RequestItems: required(requestItems),
    ReturnConsumedCapacity: consumedCapacityKind,
    ReturnItemCollectionMetrics: collectionMetricsKind,
  }),
  output: structure('BatchWriteItemOutput', {
    UnprocessedItems: requestItems,
    ItemCollectionMetrics: map(list(itemCollectionMetrics)),
    ConsumedCapacity: list(consumedCapacity),
  }),
  prepare: (world, request, caller) => {
    const wanted = Object.entries(request.RequestItems).map(([named, writes]) => ({
      named,
      writes: writesOf(named, writes, caller),
    }));
    const writes = wanted.flatMap((each) => each.writes);
    if (writes.length > writesMax) throw invalid('Too many items requested for the BatchWriteItem call');
    return {
      resource: tableArn(writes[0]!.table),
      permissions: wanted.map((each) => {
        const context = itemContext(world, each.writes, request);
        const resource = tableArn(each.writes[0]!.table);
        return { action: 'dynamodb:BatchWriteItem', resource, context };
      }),
      run: async () => {
        const isMeasured = request.ReturnItemCollectionMetrics === 'SIZE';
        return storeOf(world).commit((view) => {
          const written = decideAll(
            view,
            writes.map((write) => blindly(write, request)),
          );
          const edits = writes.flatMap((write, index) => editsOf(write, written[index]!));
          const answer = {
            UnprocessedItems: {},
            ItemCollectionMetrics: isMeasured ? metricsOf(wanted, written) : undefined,
            ConsumedCapacity: consumedBy(written, request.ReturnConsumedCapacity),
          };
          return { edits, answer };
        });
      },
    };
  },
});

function writesOf(named: string, requests: TypeOf<typeof writeRequest>[], caller: Caller): Write[] {
  if (requests.length === 0) {
    throw invalid(`The batch write request list for a table cannot be null or empty: ${named}`);
  }
  const table = tableNamed(named, caller);
  return requests.map(({ PutRequest, DeleteRequest }) => {
    if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
      // The text is AWS's, though there is no AttributeValue.
      throw invalid(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    const bare = { table, condition: undefined, update: undefined, showsItem: false };
    if (PutRequest === undefined) {
      return { ...bare, kind: 'delete', item: checkedItem(DeleteRequest!.Key) };
    }
    const item = checkedItem(PutRequest.Item);
    requireItemSize(item);
    return { ...bare, kind: 'put', item };
  });
}

/** What becomes of all of them, of which no two are of one item. */
function decideAll(view: TableView, writes: readonly Write[]): Written[] {
  const distinct = new DistinctKeys();
  return writes.map((write) => {
    const written = decide(view, write);
    if (distinct.add(written.table, write.item)) return written;
    throw invalid('Provided list of item keys contains duplicates');
  });
}

/** By the name that the request gives the table. */
function metricsOf(
  wanted: readonly { readonly named: string; readonly writes: readonly Write[] }[],
  written: readonly Written[],
) {
  let from = 0;
  const metrics = wanted.map(({ named, writes }) => {
    const own = written.slice(from, from + writes.length);
    from += writes.length;
    return [named, own.flatMap((each) => viewCollection(each) ?? [])] as const;
  });
  return Object.fromEntries(metrics.filter(([, each]) => each.length > 0));
}
