/** How rows may be compared: by what one of their columns says. */
export type Sortable<Row> = {
  readonly id: string;
  readonly sortBy?: ((row: Row) => string | number | bigint) | undefined;
};

/**
 * `sort` is a column's id, with a dash before it for the greatest first. Rows that are alike keep their
 * order.
 */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Sortable<Row>[],
  sort: string | undefined,
): readonly Row[] {
  const { id, isDescending } = sortOf(sort);
  const by = columns.find((column) => column.id === id)?.sortBy;
  if (by === undefined) return rows;
  const turn = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: by(row) }))
    .sort((left, right) => turn * compared(left.key, right.key))
    .map(({ row }) => row);
}

export function sortOf(sort = ''): { readonly id: string; readonly isDescending: boolean } {
  const isDescending = sort.startsWith('-');
  return { id: isDescending ? sort.slice(1) : sort, isDescending };
}

/** What a press on a column's head sorts by: it, then it the other way round. */
export function sortAfterPress(sort: string | undefined, id: string): string {
  return sort === id ? `-${id}` : id;
}

/** Numbers in texts count as numbers: `shard-9` comes before `shard-10`. */
const collator = new Intl.Collator(undefined, { numeric: true });

function compared(left: string | number | bigint, right: string | number | bigint): number {
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}
