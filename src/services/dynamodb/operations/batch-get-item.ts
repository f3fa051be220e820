import { list, map, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { type Projection, project } from '../expressions/projection.ts';
import { operation } from '../operation.ts';
import { readUnits, sum, type Units, viewUnits } from '../parts/capacity.ts';
import { DistinctKeys } from '../parts/distinct-keys.ts';
import { readContext } from '../parts/item-context.ts';
import {
  attributes,
  consumedCapacity,
  consumedCapacityKind,
  keysAndAttributes,
} from '../parts/item-shapes.ts';
import { requireKey } from '../parts/key-check.ts';
import { wantedOf } from '../parts/read-request.ts';
import { Reading } from '../parts/reading.ts';
import { tableArn } from '../parts/table-arn.ts';
import { requireItems, tableNamed } from '../parts/table-target.ts';
import type { Table, TableName } from '../tables/table.ts';
import type { TableStore } from '../tables/table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import { checkedItem } from '../values/checked-value.ts';
import { sizeOf } from '../values/size.ts';
import { storeOf } from '../world.ts';

const requestItems = map(keysAndAttributes, { min: 1, max: 100 });

/** Keys of one request, and bytes of one answer (API reference, BatchGetItem). */
const keysMax = 100;
const answerBytesMax = 16 * 1024 * 1024;

export const batchGetItem = operation({
  name: 'BatchGetItem',
  summary: 'Reads the items of up to 100 keys, of one table or several.',
  runs: 'owner',
  audit: 'data',
  input: structure('BatchGetItemInput', {
    RequestItems: required(requestItems),
    ReturnConsumedCapacity: consumedCapacityKind,
  }),
  output: structure('BatchGetItemOutput', {
    Responses: map(list(attributes)),
    UnprocessedKeys: requestItems,
    ConsumedCapacity: list(consumedCapacity),
  }),
  prepare: (world, request, caller) => {
    const wanted = Object.entries(request.RequestItems).map(([named, asked]) => ({
      named,
      asked,
      name: tableNamed(named, caller),
      projection: wantedOf(world, asked),
      keys: asked.Keys.map((key) => checkedItem(key)),
    }));
    if (wanted.reduce((count, { keys }) => count + keys.length, 0) > keysMax) {
      throw invalid('Too many items requested for the BatchGetItem call');
    }
    return {
      resource: tableArn(wanted[0]!.name),
      permissions: wanted.map(({ name, keys, projection }) => {
        const mentioned = keys.map((item) => ({ table: name, item, projection }));
        const context = readContext(world, mentioned, request);
        return { action: 'dynamodb:BatchGetItem', resource: tableArn(name), context };
      }),
      run: async () => {
        const batch = new Batch(storeOf(world));
        const read = wanted.map((each) => ({ ...each, ...batch.read(each, each.asked.ConsistentRead) }));
        const { ReturnConsumedCapacity: kind } = request;
        const consumed = read.flatMap(({ table, units }) => viewUnits(kind, table, () => units) ?? []);
        return {
          Responses: Object.fromEntries(read.map(({ named, items }) => [named, items])),
          UnprocessedKeys: unprocessed(read),
          ConsumedCapacity: consumed.length === 0 ? undefined : consumed,
        };
      },
    };
  },
});

type Wanted = {
  readonly name: TableName;
  readonly keys: readonly Item[];
  readonly projection: Projection | undefined;
};
type Read = { readonly table: Table; readonly items: Item[]; readonly units: Units; readonly left: Item[] };

/** Reads as many items as go into one answer; what is left is for the next request. */
class Batch {
  readonly #store: TableStore;
  readonly #distinct = new DistinctKeys();
  readonly #reading = new Reading(answerBytesMax);
  /** Once one is left, all others are. */
  #isFull = false;

  constructor(store: TableStore) {
    this.#store = store;
  }

  read({ name, keys, projection }: Wanted, isConsistent: boolean | undefined): Read {
    const table = requireItems(this.#store, name);
    for (const key of keys) {
      requireKey(table, key);
      if (!this.#distinct.add(table, key)) throw invalid('Provided list of item keys contains duplicates');
    }
    const items: Item[] = [];
    const left: Item[] = [];
    let units: Units = { table: 0, indexes: new Map() };
    for (const key of keys) {
      this.#isFull ||= this.#reading.isFull;
      const item = this.#isFull ? undefined : this.#store.get(table, key);
      const bytes = item === undefined ? 0 : sizeOf(item);
      this.#isFull ||= !this.#reading.fits(bytes);
      if (this.#isFull) {
        left.push(key);
        continue;
      }
      this.#reading.add(item);
      units = sum(units, { table: readUnits(bytes, isConsistent), indexes: new Map() });
      if (item !== undefined) items.push(projection === undefined ? item : project(projection, item));
    }
    return { table, items, units, left };
  }
}

type Asked = TypeOf<typeof keysAndAttributes>;

/** What is left of each table, asked for as it was. */
function unprocessed(
  read: readonly { readonly named: string; readonly asked: Asked; readonly left: readonly Item[] }[],
) {
  const rest = read.filter(({ left }) => left.length > 0);
  return Object.fromEntries(rest.map(({ named, asked, left }) => [named, { ...asked, Keys: left }]));
}
