import { listPage } from '../../../rpc/list-page.ts';
import { invalidValue } from '../errors.ts';

/** AWS answers no more of a list at once (Lambda API reference, ListFunctions). */
const itemsMax = 50;

/** A part of a list in the order of its keys; see `listPage`. */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  marker: string | undefined,
  wanted = itemsMax,
): NonNullable<ReturnType<typeof listPage<Item>>> {
  const page = listPage(items, keyOf, marker || undefined, Math.min(wanted, itemsMax));
  if (page === undefined) throw invalidValue('The Marker is not one that a list has answered.');
  return page;
}
