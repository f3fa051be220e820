import type { Millis } from '../env/clock.ts';
import { KinesisError } from '../kinesis/error.ts';

/** How far a client's clock may be off either way (IAM user guide, "Signature Version 4 request elements"). */
const skewMax = 5 * 60_000;

/** A week, in seconds: the longest life of a pre-signed request (Amazon S3 API reference, "X-Amz-Expires"). */
const expiresMax = 7 * 24 * 60 * 60;

/** Reads `20150830T123600Z`, or the form of a Date header, `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 9110 §5.6.7). */
export function parseTimestamp(text: string): Millis {
  const time = Date.parse(text.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z'));
  // Date.parse reads much else and rolls 30 February over to March: only what prints back the same counts.
  if (!Number.isNaN(time) && (formatTimestamp(time) === text || isHttpDate(text, time))) return time;
  throw new KinesisError(
    'IncompleteSignatureException',
    `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}

const basicFormat = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Without the day of the week, which some clients have wrong and nobody reads. */
function isHttpDate(text: string, time: Millis): boolean {
  return text.slice(4) === new Date(time).toUTCString().slice(4);
}

/** ISO 8601's basic format, in whole seconds: `20150830T123600Z`. */
export function formatTimestamp(time: Millis): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Refuses what was signed too long ago or in the future. `expires` is a pre-signed request's own term. */
export function checkTime(signedAt: Millis, expires: string | undefined, now: Millis): void {
  const age = expires === undefined ? skewMax : expiresOf(expires);
  if (signedAt < now - age) {
    throw invalid(
      `Signature expired: ${formatTimestamp(signedAt)} is now earlier than ${formatTimestamp(now - age)}` +
        ` (${formatTimestamp(now)} - ${durationOf(age)}.)`,
    );
  }
  if (signedAt > now + skewMax) {
    throw invalid(
      `Signature not yet current: ${formatTimestamp(signedAt)} is still later than ` +
        `${formatTimestamp(now + skewMax)} (${formatTimestamp(now)} + ${durationOf(skewMax)}.)`,
    );
  }
}

function expiresOf(text: string): Millis {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= expiresMax) return seconds * 1000;
  throw new KinesisError(
    'IncompleteSignatureException',
    `X-Amz-Expires must be a number of seconds from 1 to ${expiresMax}.`,
  );
}

function durationOf(duration: Millis): string {
  return duration % 60_000 === 0 ? `${duration / 60_000} min` : `${duration / 1000} sec`;
}

function invalid(message: string): KinesisError {
  return new KinesisError('InvalidSignatureException', message);
}
