import type { Millis } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import type { From } from '../copy/source.ts';
import { durationMsOf } from '../duration.ts';

/** A point of a stream as it is typed; how long ago is known only when the command runs. */
export type When = 'LATEST' | 'TRIM_HORIZON' | { readonly at: Millis } | { readonly agoMs: Millis };

/**
 * `LATEST` and `TRIM_HORIZON`, a time of ISO 8601 (UTC where it says no zone), or how long ago: `15m`, `-2h`,
 * `90s`, `7d`. `StartError`, which names the flag, for anything else.
 */
export function readWhen(flag: string, text: string): When {
  if (text === 'LATEST' || text === 'TRIM_HORIZON') return text;
  const agoMs = durationMsOf(text.replace(/^-/, ''));
  if (agoMs !== undefined) return { agoMs };
  const [, date, clock = '00:00', zone = 'Z'] = timePattern.exec(text) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T${clock}${zone}`);
  if (Number.isNaN(at))
    throw new StartError(
      `--${flag} must be a time such as 2026-06-01T12:00:00Z, or how long ago, such as 15m, not '${text}'`,
    );
  return { at };
}

/** A time or how long ago; `StartError` as above, for a point of a stream as well. */
export function readTime(flag: string, text: string): Exclude<When, string> {
  const when = readWhen(flag, text);
  if (typeof when === 'string') throw new StartError(`--${flag} must be a time, not ${when}`);
  return when;
}

const timePattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Where reading begins. */
export function fromOf(when: When, now: Millis): From {
  if (when === 'LATEST' || when === 'TRIM_HORIZON') return { ShardIteratorType: when };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: timeOf(when, now) / 1000 };
}

/** In milliseconds since 1970. */
export function timeOf(when: { readonly at: Millis } | { readonly agoMs: Millis }, now: Millis): Millis {
  return 'at' in when ? when.at : now - when.agoMs;
}
