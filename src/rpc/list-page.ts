/** Part of a list, and the marker of the part that follows; undefined when nothing does. */
type ListPage<Item> = { readonly items: readonly Item[]; readonly next: string | undefined };

/**
 * At most `itemsMax` items of a list, in the order of their keys, after the one that `marker` holds the key
 * of. So items that come and go in between do no harm. Undefined for a marker that is none.
 */
export function listPage<Item>(
  list: Iterable<Item>,
  keyOf: (item: Item) => string,
  marker: string | undefined,
  itemsMax: number,
): ListPage<Item> | undefined {
  const after = marker === undefined ? '' : Buffer.from(marker, 'base64').toString();
  if (marker !== undefined && markerOf(after) !== marker) return undefined;
  const keyed = Array.from(list, (item) => ({ item, key: keyOf(item) }));
  const rest = keyed.filter(({ key }) => key > after).sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, itemsMax);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return { items: page.map(({ item }) => item), next: last && markerOf(last.key) };
}

function markerOf(key: string): string {
  return Buffer.from(key).toString('base64');
}
