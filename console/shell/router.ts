// This file has state: the address.
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { addressWith, base, type Place, placeOf } from './address.ts';

export { base, href } from './address.ts';

/** Where the page is: what the address bar says. Changed by `go` and by the browser's own buttons. */
export const place: Signal<Place> = signal(placeOf(globalThis.location?.href ?? `http://localhost${base}`));

/** How often somebody went somewhere, be it to where they were. */
export const visits = signal(0);

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
      const changed = new Map(query);
      if (value === fallback) changed.delete(name);
      else changed.set(name, value);
      go(addressWith(segments, changed), { replace: true });
    },
    peek: () => read.peek(),
    subscribe: (listener) => read.subscribe(listener),
  };
}

export type QueryParameter = Pick<ReadonlySignal<string>, 'peek' | 'subscribe'> & { value: string };
