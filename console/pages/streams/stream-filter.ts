import type { StreamRow } from './stream-row.ts';

/** Whether a row is shown, by what is typed into the filter box. */
export type StreamFilter = (row: StreamRow) => boolean;

/**
 * Reads a filter: words, all of which have to fit. `state:updating`, `mode:on-demand`, `tag:team` and
 * `tag:team=payments` ask for one thing, `is:throttled`, `is:lagging`, `is:encrypted` and `is:idle` for what
 * holds just now; any other word is looked for in the name and in the tags. Case does not matter, and a text
 * with spaces stands in double quotes.
 */
export function streamFilter(text: string): StreamFilter {
  const conditions = [...text.toLowerCase().matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) =>
    condition(word.replaceAll('"', '')),
  );
  return (row) => conditions.every((fits) => fits(row));
}

function condition(word: string): StreamFilter {
  const [, kind, wanted] = /^(state|mode|tag|is|name):(.*)$/.exec(word) ?? [];
  if (wanted === undefined) return (row) => textsOf(row).some((text) => text.includes(word));
  if (kind === 'state') return ({ sight }) => sight.Status.toLowerCase().startsWith(wanted);
  if (kind === 'mode') return ({ sight }) => plain(sight.Mode).startsWith(plain(wanted));
  if (kind === 'name') return ({ sight }) => sight.Name.toLowerCase().includes(wanted);
  return kind === 'tag' ? tagged(wanted) : (row) => isNow(row, wanted);
}

function tagged(wanted: string): StreamFilter {
  const [key, ...rest] = wanted.split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  return ({ sight }) =>
    Object.entries(sight.Tags).some(
      ([name, own]) =>
        name.toLowerCase().includes(key!) && (value === undefined || own.toLowerCase().startsWith(value)),
    );
}

function isNow({ sight, rates }: StreamRow, state: string): boolean {
  if (state === 'throttled') return rates.recordsThrottled + rates.readsThrottled > 0;
  if (state === 'lagging') return (sight.LagMillis ?? 0) >= laggingMillis;
  if (state === 'encrypted') return sight.KeyId !== undefined;
  if (state === 'idle') return rates.recordsIn + rates.recordsOut === 0;
  return false;
}

/** A reader that is a minute behind is behind. */
const laggingMillis = 60_000;

function plain(mode: string): string {
  return mode.toLowerCase().replaceAll(/[-_ ]/g, '');
}

function textsOf({ sight }: StreamRow): string[] {
  const tags = Object.entries(sight.Tags).map(([key, value]) => `${key}=${value}`);
  return [sight.Name, ...tags].map((text) => text.toLowerCase());
}
