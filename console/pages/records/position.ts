/**
 * Where to begin, as the tail route understands it (`TRIM_HORIZON`, `LATEST`, a time of RFC 3339, `-90s`), or
 * a record by its number.
 */
export type Position =
  | { readonly kind: 'from'; readonly from: string }
  | { readonly kind: 'sequence'; readonly sequenceNumber: string }
  | { readonly kind: 'unclear' };

/**
 * Reads what people type: start, end, now, `-15m`, `2h ago`, `18:05`, `2026-11-29 18:05`, RFC 3339, seconds
 * or milliseconds since 1970, a sequence number. Times without a zone are those of the browser; a time of day
 * that is still to come today was yesterday's.
 */
export function parsePosition(typed: string, now: Date): Position {
  const text = typed.trim();
  const word = text.toLowerCase();
  if (starts.has(word)) return { kind: 'from', from: 'TRIM_HORIZON' };
  if (ends.has(word)) return { kind: 'from', from: 'LATEST' };
  if (/^\d{20,128}$/.test(text)) return { kind: 'sequence', sequenceNumber: text };
  const from = relative(word) ?? sinceEpoch(text) ?? timeOfDay(text, now) ?? dateAndTime(text);
  return from === undefined ? { kind: 'unclear' } : { kind: 'from', from };
}

/**
 * What begins later or ends earlier, read in the same way; undefined for none, `null` where it is unclear.
 */
export function parseEnd(typed: string, now: Date): string | undefined | null {
  if (typed.trim() === '') return undefined;
  const position = parsePosition(typed, now);
  if (position.kind !== 'from' || position.from === 'TRIM_HORIZON') return null;
  return position.from === 'LATEST' ? now.toISOString() : timeOf(position.from, now)!.toISOString();
}

/** The moment of a `from`; undefined for the start and the end of what is kept. */
export function timeOf(from: string, now: Date): Date | undefined {
  const [, count, unit] = /^-(\d+)([smhd])$/.exec(from) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * unitSeconds[unit!]! * 1000);
  const time = Date.parse(from);
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** The beginnings that a click chooses. */
export const shortcuts: readonly string[] = ['-1m', '-15m', '-1h', '-24h'];

const starts = new Set(['start', 'beginning', 'oldest', 'trim_horizon', 'inicio', 'principio']);
const ends = new Set(['end', 'now', 'latest', 'newest', '', 'fin', 'final', 'ahora']);
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `-15m`, `15m`, `15 m ago`, `hace 15m`, `1h30m`: all are a time before now, in one unit. */
function relative(word: string): string | undefined {
  const [, parts] = /^(?:-\s*|hace\s+)?((?:\d+\s*[smhd]\s*)+)(?:\s*ago)?$/.exec(word) ?? [];
  if (parts === undefined) return undefined;
  const pieces = [...parts.matchAll(/(\d+)\s*([smhd])/g)];
  if (pieces.length === 1) return `-${Number(pieces[0]![1])}${pieces[0]![2]}`;
  return `-${pieces.reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!, 0)}s`;
}

/** Ten digits are seconds, thirteen milliseconds: both for times from 2001 to 2286. */
function sinceEpoch(text: string): string | undefined {
  if (!/^\d{10}(\.\d+)?$|^\d{13}$/.test(text)) return undefined;
  return new Date(text.length === 13 ? Number(text) : Number(text) * 1000).toISOString();
}

function timeOfDay(text: string, now: Date): string | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60)
    return undefined;
  const time = new Date(now);
  time.setHours(Number(hours), Number(minutes), 0, Number(seconds) * 1000);
  if (time > now) time.setDate(time.getDate() - 1);
  return time.toISOString();
}

function dateAndTime(text: string): string | undefined {
  const [, date, time = '00:00', zone = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:\d{2})?$/i.exec(text) ??
    [];
  if (date === undefined) return undefined;
  const at = new Date(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
