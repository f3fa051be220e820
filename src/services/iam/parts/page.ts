import { invalidRequest } from '../errors.ts';

type PageRequest = { readonly Marker?: string; readonly MaxItems?: number };

/** A page of things, and the members of its answer that say whether there are more. */
type Page<Thing> = {
  readonly items: readonly Thing[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
};

/**
 * The things of a page by their names, whatever their case. A marker holds the name that the page before
 * ended with, so what is made or deleted in between does no harm. ValidationError for a marker that is none.
 */
export function pageOf<Thing>(
  things: Iterable<Thing>,
  nameOf: (thing: Thing) => string,
  { Marker, MaxItems = itemsDefault }: PageRequest,
): Page<Thing> {
  const after = Marker === undefined ? '' : nameIn(Marker);
  const named = [...things].map((thing) => ({ thing, name: placeOf(nameOf(thing)) }));
  const rest = named.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, MaxItems);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return {
    items: page.map(({ thing }) => thing),
    rest: {
      IsTruncated: last !== undefined,
      Marker: last && Buffer.from(last.name).toString('base64'),
    },
  };
}

/** IAM API reference, MaxItems. */
const itemsDefault = 100;

/** Names that differ in their case only have a place each. Names have no spaces. */
function placeOf(name: string): string {
  return `${name.toLowerCase()} ${name}`;
}

function nameIn(marker: string): string {
  const name = Buffer.from(marker, 'base64').toString();
  if (Buffer.from(name).toString('base64') !== marker) throw invalidRequest('Invalid Marker.');
  return name;
}
