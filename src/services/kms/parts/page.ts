import { listPage } from '../../../rpc/list-page.ts';
import { kmsError } from '../errors.ts';

/** What a request asks of a list. */
type PageRequest = { readonly Limit?: number; readonly Marker?: string };

/** The items of one page, and where the next begins. */
type Page<Item> = {
  readonly items: readonly Item[];
  readonly NextMarker?: string;
  readonly Truncated: boolean;
};

/**
 * The page of a list, sorted by its keys, that a request asks for, `limit` items unless it says another
 * number. InvalidMarkerException for a marker that is none.
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  { Limit, Marker }: PageRequest,
  limit: number,
): Page<Item> {
  const page = listPage(items, keyOf, Marker, Limit ?? limit);
  if (page === undefined) {
    throw kmsError('InvalidMarkerException', 'The marker is none that this operation has answered.');
  }
  if (page.next === undefined) return { items: page.items, Truncated: false };
  return { items: page.items, NextMarker: page.next, Truncated: true };
}
