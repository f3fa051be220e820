// This file has state: the address.
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** Every path of the console begins with it. */
export const base = '/console/';

/** Where the page is: what the address bar says. Changed by `go` and by the browser's own buttons. */
export const place: Signal<Place> = signal(placeOf(globalThis.location?.href ?? `http://localhost${base}`));

/** How often somebody went somewhere, be it to where they were. */
export const visits = signal(0);

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
  const given = Object.entries(query).filter((entry) => entry[1] !== undefined && entry[1] !== '');
  const search = new URLSearchParams(given as [string, string][]).toString();
  return `${base}${segments.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** Goes to an address of the console; links do it by themselves. `replace` makes no entry of history. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  batch(() => {
    place.value = placeOf(location.href);
    if (!replace) visits.value += 1;
  });
}

/** Has links to the console, and the browser's own buttons, change the page without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    place.value = placeOf(location.href);
  });
  document.addEventListener('click', (event) => {
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (
      !isPlain ||
      event.defaultPrevented ||
      link === null ||
      link.target !== '' ||
      link.hasAttribute('download')
    )
      return;
    const address = new URL(link.href);
    const isOfConsole = address.origin === location.origin && address.pathname.startsWith(base);
    // The skip link leads within the page.
    if (!isOfConsole || link.getAttribute('href')!.startsWith('#')) return;
    event.preventDefault();
    go(link.href);
  });
}

/**
 * A parameter of the address as a signal: it reads what the address says, `fallback` where it says nothing,
 * and setting it changes the address without an entry of history. `const filter = queryParameter('filter')`
 * at the top of a page's file, then `filter.value`; two of one name are one.
 */
export function queryParameter(name: string, fallback = ''): QueryParameter {
  const read = computed(() => place.value.query.get(name) ?? fallback);
  return {
    get value() {
      return read.value;
    },
    set value(value) {
      const { segments, query } = place.peek();
      const changed = { ...Object.fromEntries(query), [name]: value === fallback ? undefined : value };
      go(href(segments, changed), { replace: true });
    },
    peek: () => read.peek(),
    subscribe: (listener) => read.subscribe(listener),
  };
}

export type QueryParameter = Pick<ReadonlySignal<string>, 'peek' | 'subscribe'> & { value: string };

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
