// This file has state: the last failure that nobody expected, which the shell shows.
import { signal } from '@preact/signals';

/** A failure that no page deals with: the shell shows it over the page. */
export const unexpected = signal<Error | undefined>(undefined);

/** Lets something go on by itself. What it fails with is shown; that it was given up is not. */
export function detached(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    unexpected.value = error instanceof Error ? error : new Error(String(error));
  });
}
