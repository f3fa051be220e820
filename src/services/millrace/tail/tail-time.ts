import type { Millis } from '../../../env/clock.ts';
import { invalidArgument } from '../errors.ts';

/** Where reading begins. */
export type TailStart =
  | { readonly kind: 'LATEST' | 'TRIM_HORIZON' }
  | { readonly kind: 'AT_TIMESTAMP'; readonly at: Millis };

/** Reads `LATEST`, `TRIM_HORIZON`, or a time as `timeOf` does, which is not in the future. */
export function startOf(text: string, now: Millis): TailStart {
  if (text === 'LATEST' || text === 'TRIM_HORIZON') return { kind: text };
  const at = timeOf('from', text, now);
  if (at <= now) return { kind: 'AT_TIMESTAMP', at };
  throw invalidArgument(`The time ${text} of from is in the future; LATEST is what is put from now on.`);
}

/**
 * Reads a time of RFC 3339, seconds since 1970, or how long ago: `-15m`, with `s`, `m`, `h` or `d`. A `+`
 * of RFC 3339 that a form has made a space of is taken for what it was.
 */
export function timeOf(name: string, text: string, now: Millis): Millis {
  const [, amount, unit] = /^-(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (/^\d{1,11}(\.\d{1,3})?$/.test(text)) return Number(text) * 1000;
  const at = rfc3339.test(text) ? Date.parse(text.replace(' ', text[10] === ' ' ? 'T' : '+')) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const others = name === 'from' ? ' LATEST, TRIM_HORIZON,' : '';
  throw invalidArgument(
    `${JSON.stringify(text.slice(0, 100))} is no time for ${name}:${others} 2026-11-29T12:00:00Z, or -15m.`,
  );
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+ -]\d\d:\d\d)$/;
const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
