import type { JsonReading } from '../delivery-spec.ts';
import { type Instant, instantAt, instantOfMillis, instantOfNumber } from './instant.ts';
import { JsonKind, type JsonTape } from './json-tape.ts';
import { openTimestampPattern } from './timestamp-pattern.ts';

/** The moment that a JSON value says; undefined for none. */
export type InstantReader = (tape: JsonTape, index: number) => Instant | undefined;

/**
 * Reads moments as Firehose's serdes do: text in the usual forms or by the patterns that are asked for, and
 * numbers; Hive's takes numbers by the pattern `millis` alone. Throws `SchemaError` for a pattern that is not
 * supported.
 */
export function openInstantReader(reading: JsonReading): InstantReader {
  const isMillis = reading.timestampFormats.includes('millis');
  const patterns = reading.timestampFormats
    .filter((format) => format !== 'millis')
    .map((format) => openTimestampPattern(format));
  const ofNumber = isMillis ? instantOfMillis : reading.serde === 'hive' ? () => undefined : instantOfNumber;
  const ofText = (text: string): Instant | undefined => {
    for (const pattern of patterns) {
      const instant = pattern(text);
      if (instant !== undefined) return instant;
    }
    return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? ofNumber(Number(text)) : undefined;
  };
  return (tape, index) => {
    switch (tape.kind(index)) {
      case JsonKind.plainString:
        return instantAt(tape.bytes, tape.start(index), tape.end(index)) ?? ofText(tape.text(index));
      case JsonKind.escapedString:
        return ofText(tape.text(index));
      case JsonKind.integer:
      case JsonKind.float:
        return ofNumber(Number(tape.text(index)));
      default:
        return undefined;
    }
  };
}

const exactSecondsMax = 9_000_000_000; // 2^53 microseconds are 9,007,199,254 seconds

/** Microseconds since 1970, as a number where it holds them. */
export function microsOf({ seconds, micros }: Instant): number | bigint {
  return Math.abs(seconds) < exactSecondsMax
    ? seconds * 1_000_000 + micros
    : BigInt(seconds) * 1_000_000n + BigInt(micros);
}
