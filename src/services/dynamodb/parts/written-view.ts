import type { OutputOf } from '../../../wire/shape.ts';
import { project } from '../expressions/projection.ts';
import { emptyItem, type Item } from '../values/attribute-value.ts';
import { type CapacityKind, unitsOfWrite, viewUnits } from './capacity.ts';
import type { itemCollectionMetrics } from './item-shapes.ts';
import type { Written } from './write.ts';

export type ReturnValues = 'ALL_NEW' | 'UPDATED_OLD' | 'ALL_OLD' | 'NONE' | 'UPDATED_NEW' | undefined;

/** What the answer is to say. */
export type Asked = {
  readonly ReturnValues?: ReturnValues;
  readonly ReturnConsumedCapacity?: CapacityKind;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined;
};

type View = {
  readonly Attributes: Item | undefined;
  readonly ConsumedCapacity: ReturnType<typeof viewUnits>;
  readonly ItemCollectionMetrics: ReturnType<typeof viewCollection>;
};

/** The answer to a write of one item. */
export function viewWritten(written: Written, asked: Asked): View {
  const { table, before, after } = written;
  return {
    Attributes: attributesOf(written, asked.ReturnValues),
    ConsumedCapacity: viewUnits(asked.ReturnConsumedCapacity, table, () =>
      unitsOfWrite(table, before, after),
    ),
    ItemCollectionMetrics: asked.ReturnItemCollectionMetrics === 'SIZE' ? viewCollection(written) : undefined,
  };
}

/** Left out where there is nothing. */
function attributesOf({ before, after, touched }: Written, asked: ReturnValues): Item | undefined {
  switch (asked) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && unlessEmpty(project({ paths: touched }, before));
    case 'UPDATED_NEW':
      return after && unlessEmpty(project({ paths: touched }, after));
    default:
      return undefined;
  }
}

function unlessEmpty(item: Item): Item | undefined {
  for (const _ in item) return item;
  return undefined;
}

/**
 * Of a table with local indexes; undefined of others. All tables of a server are smaller than AWS's smallest
 * range, a gigabyte.
 */
export function viewCollection({
  table,
  before,
  after,
}: Written): OutputOf<typeof itemCollectionMetrics> | undefined {
  if (table.indexes.every(({ kind }) => kind !== 'local')) return undefined;
  const { name } = table.keySchema.hash;
  const item = after ?? before;
  if (item === undefined) return undefined;
  const key = emptyItem();
  key[name] = item[name]!;
  return { ItemCollectionKey: key, SizeEstimateRangeGB: [0, 1] };
}
