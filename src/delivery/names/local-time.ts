import type { Millis } from '../../env/clock.ts';
import { NamesError } from './names-error.ts';

/** A moment as the clocks of a time zone show it. */
export type LocalTime = {
  readonly at: Millis;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Ahead of UTC; negative west of it. */
  readonly offsetSeconds: number;
  /** An IANA name. */
  readonly timeZone: string;
};

/**
 * Reads moments in a time zone: UTC, or one by its IANA name. `NamesError` where there is none of the name.
 */
export function localTimes(timeZone: string): (at: Millis) => LocalTime {
  const offsetOf = offsetsOf(timeZone);
  return (at) => {
    const offsetSeconds = offsetOf(at);
    const shown = new Date(at + offsetSeconds * 1000);
    return {
      at,
      year: shown.getUTCFullYear(),
      month: shown.getUTCMonth() + 1,
      day: shown.getUTCDate(),
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      second: shown.getUTCSeconds(),
      millisecond: shown.getUTCMilliseconds(),
      offsetSeconds,
      timeZone,
    };
  };
}

function offsetsOf(timeZone: string): (at: Millis) => number {
  if (timeZone === 'UTC') return () => 0;
  const format = formatOf(timeZone);
  return (at) => {
    const second = Math.floor(at / 1000) * 1000;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(second)) parts[type] = Number(value);
    const { year, month, day, hour, minute, second: seconds } = parts;
    return (Date.UTC(year!, month! - 1, day!, hour!, minute!, seconds!) - second) / 1000;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  // The platform knows more: offsets, and names without a place, which Firehose does not list.
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+$/.test(timeZone)) throw unknownZone(timeZone);
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) throw unknownZone(timeZone);
    throw error;
  }
}

function unknownZone(timeZone: string): NamesError {
  return new NamesError(`Invalid CustomTimeZone: ${timeZone}`);
}
