import { listPage } from '../../../rpc/list-page.ts';
import { invalidRequest } from '../errors.ts';

type PageRequest = { readonly Marker?: string; readonly MaxItems?: number };

/** A page of things, and the members of its answer that say whether there are more. */
type Page<Thing> = {
  readonly items: readonly Thing[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
};

/** The things of a page by their names, whatever their case. ValidationError for a marker that is none. */
export function pageOf<Thing>(
  things: Iterable<Thing>,
  nameOf: (thing: Thing) => string,
  { Marker, MaxItems = itemsDefault }: PageRequest,
): Page<Thing> {
  const page = listPage(things, (thing) => placeOf(nameOf(thing)), Marker, MaxItems);
  if (page === undefined) throw invalidRequest('Invalid Marker.');
  return { items: page.items, rest: { IsTruncated: page.next !== undefined, Marker: page.next } };
}

/** IAM API reference, MaxItems. */
const itemsDefault = 100;

/** Names that differ in their case only have a place each. Names have no spaces. */
function placeOf(name: string): string {
  return `${name.toLowerCase()} ${name}`;
}
