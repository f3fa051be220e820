/** Every path of the console begins with it. */
export const base = '/console/';

export type Place = {
  /** The path after `/console/`, its segments decoded: `['streams', 'orders']`. */
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
};

/** Of any URL. A segment that is no valid percent-encoding stays as it is. */
export function placeOf(url: string): Place {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const segments = path.split('/').filter((segment) => segment !== '');
  return { segments: segments.map(decoded), query: new Map(searchParams) };
}

/** The address of a place: `href(['streams', name], { shard })`. An empty or absent parameter is left out. */
export function href(segments: readonly string[], query: Query = {}): string {
  return addressWith(
    segments,
    Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]),
  );
}

/** The same with parameters as they are given, be they empty. */
export function addressWith(segments: readonly string[], query: Iterable<[string, string]>): string {
  const search = new URLSearchParams([...query]).toString();
  return `${base}${segments.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

export type Query = Readonly<Record<string, string | undefined>>;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
