import type { Caller } from '../../../access/caller.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { list, map, required, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { doubled, readUnits, unitsOfWrite } from '../parts/capacity.ts';
import { consumedBy } from '../parts/consumed.ts';
import { itemContext } from '../parts/item-context.ts';
import {
  collectionMetricsKind,
  consumedCapacity,
  consumedCapacityKind,
  itemCollectionMetrics,
  transactWriteItem,
} from '../parts/item-shapes.ts';
import { hasKey } from '../parts/key-check.ts';
import { Reading } from '../parts/reading.ts';
import { tableArn } from '../parts/table-arn.ts';
import { decideTransaction, transactionBytesMax } from '../parts/transaction.ts';
import { rememberedAs, tokenOf, wasCarriedOut } from '../parts/transaction-token.ts';
import { editsOf, type Write, type Written } from '../parts/write.ts';
import { checkOf, deleteOf, putOf, updateRequestOf } from '../parts/write-request.ts';
import { viewCollection } from '../parts/written-view.ts';
import type { TableView } from '../tables/table-store.ts';
import { sizeOf } from '../values/size.ts';
import { type DynamodbWorld, storeOf } from '../world.ts';

export const transactWriteItems = operation({
  name: 'TransactWriteItems',
  summary: 'Writes up to 100 items, all or none, once for each token.',
  runs: 'owner',
  audit: 'data',
  input: structure('TransactWriteItemsInput', {
    TransactItems: required(list(transactWriteItem, { min: 1, max: 100 })),
    ReturnConsumedCapacity: consumedCapacityKind,
    ReturnItemCollectionMetrics: collectionMetricsKind,
    ClientRequestToken: string({ min: 1, max: 36 }),
  }),
  output: structure('TransactWriteItemsOutput', {
    ConsumedCapacity: list(consumedCapacity),
    ItemCollectionMetrics: map(list(itemCollectionMetrics)),
  }),
  prepare: (world, request, caller) => {
    const writes = request.TransactItems.map((item) => writeOf(world, item, caller));
    const { ClientRequestToken: said, ReturnConsumedCapacity: kind } = request;
    const token = said === undefined ? undefined : tokenOf(said, caller, request.TransactItems);
    return {
      resource: tableArn(writes[0]!.table),
      permissions: writes.map((write) => permissionFor(world, write)),
      run: async () => {
        const isMeasured = request.ReturnItemCollectionMetrics === 'SIZE';
        const answerOf = (written: readonly Written[], isRepeated: boolean) => ({
          ConsumedCapacity: isRepeated
            ? consumedBy(written, kind, unitsOfRepeat, 'Read')
            : consumedBy(written, kind, unitsOfAction, 'Write'),
          ItemCollectionMetrics: isMeasured ? metricsOf(written) : undefined,
        });
        return storeOf(world).commit((view) => {
          const now = world.clock.now();
          if (token !== undefined && wasCarriedOut(view, token, now)) {
            return { edits: [], answer: answerOf(standing(view, writes), true) };
          }
          const decided = decideTransaction(view, writes);
          const edits = writes.flatMap((write, index) => editsOf(write, decided[index]!));
          const remembered = token === undefined ? [] : rememberedAs(view, token, now, world.random);
          return { edits: [...edits, ...remembered], answer: answerOf(decided, false) };
        });
      },
    };
  },
});

type Action = TypeOf<typeof transactWriteItem>;

function writeOf(world: DynamodbWorld, action: Action, caller: Caller): Write {
  const { ConditionCheck, Put, Delete, Update } = action;
  const count = [ConditionCheck, Put, Delete, Update].filter((each) => each !== undefined).length;
  if (count > 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  if (Put !== undefined) return putOf(world, Put, caller);
  if (Delete !== undefined) return deleteOf(world, Delete, caller);
  if (Update !== undefined) return updateRequestOf(world, Update, caller);
  if (ConditionCheck !== undefined) return checkOf(world, ConditionCheck, caller);
  throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
}

const actions = {
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  delete: 'dynamodb:DeleteItem',
  check: 'dynamodb:ConditionCheckItem',
} as const;

/** There is none for transactions: each action needs its own (developer guide, "DynamoDB transactions"). */
function permissionFor(world: DynamodbWorld, write: Write): Permission {
  return {
    action: actions[write.kind],
    resource: tableArn(write.table),
    context: itemContext(world, [write], {}),
  };
}

/** Items as they are, for the answer to what was carried out before. */
function standing(view: TableView, writes: readonly Write[]): Written[] {
  const reading = new Reading(transactionBytesMax);
  return writes.flatMap(({ table: name, item }) => {
    const table = view.table(name);
    if (table === undefined || !hasKey(table, item)) return [];
    const before = reading.isFull ? undefined : view.get(table, item);
    reading.add(before);
    return [{ table, before, existed: before !== undefined, after: before, touched: [] }];
  });
}

function unitsOfAction({ table, before, after }: Written) {
  return doubled(unitsOfWrite(table, before, after));
}

function unitsOfRepeat({ before }: Written) {
  return doubled({
    table: readUnits(before === undefined ? 0 : sizeOf(before), true),
    indexes: new Map<string, number>(),
  });
}

/** By the table's name. */
function metricsOf(written: readonly Written[]) {
  const metrics = new Map<string, NonNullable<ReturnType<typeof viewCollection>>[]>();
  for (const each of written) {
    const collection = viewCollection(each);
    const { name } = each.table;
    if (collection !== undefined) metrics.set(name, [...(metrics.get(name) ?? []), collection]);
  }
  return Object.fromEntries(metrics);
}
