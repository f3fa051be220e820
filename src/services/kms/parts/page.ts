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
 * number. A marker is the key of the last item before the page, so that it stays good when items come and go.
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  { Limit, Marker }: PageRequest,
  limit: number,
): Page<Item> {
  const after = Marker === undefined ? '' : openMarker(Marker);
  const rest = [...items]
    .filter((item) => keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = rest.slice(0, Limit ?? limit);
  if (page.length === rest.length) return { items: page, Truncated: false };
  return { items: page, NextMarker: Buffer.from(keyOf(page.at(-1)!)).toString('base64'), Truncated: true };
}

function openMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString();
  if (Buffer.from(text).toString('base64') === marker) return text;
  throw kmsError('InvalidMarkerException', 'The marker is none that this operation has answered.');
}
