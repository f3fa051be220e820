import type { Millis } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import type { From } from '../copy/source.ts';

/** A point of a stream as it is typed; how long ago is known only when the command runs. */
export type When = 'LATEST' | 'TRIM_HORIZON' | { readonly at: Millis } | { readonly agoMs: Millis };

/**
 * `LATEST` and `TRIM_HORIZON`, a time of ISO 8601 (UTC where it says no zone), or how long ago: `15m`, `-2h`,
 * `90s`, `7d`. `StartError`, which names the flag, for anything else.
 */
export function readWhen(flag: string, text: string): When {
  if (text === 'LATEST' || text === 'TRIM_HORIZON') return text;
  const agoMs = durationMs(text.replace(/^-/, ''));
  if (agoMs !== undefined) return { agoMs };
  const [, date, clock = '00:00', zone = 'Z'] = timePattern.exec(text) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T${clock}${zone}`);
  if (Number.isNaN(at))
    throw new StartError(
      `--${flag} must be a time such as 2026-06-01T12:00:00Z, or how long ago, such as 15m, not '${text}'`,
    );
  return { at };
}

const timePattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** `90s`, `15m`, `2h`, `7d` in milliseconds; undefined for anything else. */
export function durationMs(text: string): Millis | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * unitMs[unit!]!;
}

const unitMs: Readonly<Record<string, Millis>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Where reading begins. */
export function fromOf(when: When, now: Millis): From {
  if (when === 'LATEST' || when === 'TRIM_HORIZON') return { ShardIteratorType: when };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: timeOf(when, now) / 1000 };
}

/** In milliseconds since 1970. */
export function timeOf(when: { readonly at: Millis } | { readonly agoMs: Millis }, now: Millis): Millis {
  return 'at' in when ? when.at : now - when.agoMs;
}
