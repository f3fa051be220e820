import type { Millis } from '../../env/clock.ts';
import { isRegion, partitionOf } from '../../kinesis/arn.ts';
import { incompleteSignature, invalidSignature } from './errors.ts';
import type { Scope } from './signing-key.ts';

/** A claim's Credential, `keyid/date/region/service/aws4_request`, taken apart. */
export type Credential = Scope & { readonly accessKeyId: string; readonly terminator: string };

/** The rule for scopes. Undefined `regions` allow any; `services` are those that may be meant. */
type ScopeRule = {
  readonly regions: readonly string[] | undefined;
  readonly services: readonly string[];
  /** The rest of a scope, which is checked only where signatures are verified. */
  readonly signing: { readonly services: readonly string[]; readonly signedAt: Timestamp } | undefined;
};

export function parseCredential(text: string): Credential {
  const parts = text.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  if (parts.length === 5 && accessKeyId !== '') return { accessKeyId, date, region, service, terminator };
  throw incompleteSignature(
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text}'`,
  );
}

/** AWS lists everything that is wrong, a sentence each. */
export function checkScope(credential: Credential, rule: ScopeRule): void {
  const { regions, signing } = rule;
  let wrong = '';
  const isServed = regions?.includes(credential.region) !== false || isGlobal(credential, rule);
  if (!isRegion(credential.region) || !isServed) {
    wrong += 'Credential should be scoped to a valid region. ';
  }
  if (signing !== undefined) wrong += wrongInSigning(credential, signing);
  if (wrong !== '') throw invalidSignature(wrong);
}

/**
 * Services with one endpoint for all regions of a partition, which clients sign for that endpoint's region
 * (AWS general reference, "IAM endpoints and quotas", "AWS STS endpoints and quotas").
 */
function isGlobal({ region, service }: Credential, { regions, services }: ScopeRule): boolean {
  if ((service !== 'iam' && service !== 'sts') || !services.includes(service)) return false;
  const home = homes.get(partitionOf(region));
  return region === home && regions?.some((served) => homes.get(partitionOf(served)) === home) === true;
}

/** Where the endpoint is that all regions of a partition share. */
const homes: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
]);

function wrongInSigning(
  { date, service, terminator }: Credential,
  { services, signedAt }: NonNullable<ScopeRule['signing']>,
): string {
  let wrong = '';
  if (!services.includes(service)) {
    wrong += `Credential should be scoped to correct service: '${services.join("', '")}'. `;
  }
  if (terminator !== 'aws4_request') {
    wrong += `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
  }
  if (!signedAt.text.startsWith(`${date}T`)) {
    wrong +=
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      `'${date}' != '${signedAt.text.slice(0, 8)}', from '${signedAt.text}'. `;
  }
  return wrong;
}

/**
 * How far a client's clock may be off, either way (IAM user guide, "Signature Version 4 request elements").
 */
const skewMax = 5 * 60_000;

/** A week in seconds: a pre-signed request's longest life (Amazon S3 API reference, "X-Amz-Expires"). */
const expiresMax = 7 * 24 * 60 * 60;

/** When a request was signed. */
export type Timestamp = {
  readonly time: Millis;
  /** The same in ISO 8601's basic format, whatever was sent. */
  readonly text: string;
};

/** Reads `20150830T123600Z` or, as in a Date header, `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 9110 §5.6.7). */
export function parseTimestamp(text: string): Timestamp {
  const timestamp = basicFormat.test(text) ? parseBasic(text) : parseHttpDate(text);
  if (timestamp !== undefined) return timestamp;
  throw incompleteSignature(
    `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}

const basicFormat = /^\d{8}T\d{6}Z$/;

function parseBasic(text: string): Timestamp | undefined {
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const time = Date.parse(`${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13)}`);
  // Date.parse takes 30 February and 24:00 for the next day.
  return new Date(time).getUTCDate() === Number(text.slice(6, 8)) ? { time, text } : undefined;
}

/** Date.parse accepts too much: only what prints the same counts, except a wrong day of the week. */
function parseHttpDate(text: string): Timestamp | undefined {
  const time = Date.parse(text);
  if (new Date(time).toUTCString().slice(4) !== text.slice(4)) return undefined;
  return { time, text: formatTimestamp(time) };
}

/** ISO 8601's basic format, in whole seconds: `20150830T123600Z`. */
export function formatTimestamp(time: Millis): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Refuses a signature too old or from the future. `expires` is a pre-signed request's own term. */
export function checkTime(signedAt: Timestamp, expires: string | undefined, now: Millis): void {
  const age = expires === undefined ? skewMax : expiresOf(expires);
  if (signedAt.time < now - age) {
    throw invalidSignature(
      `Signature expired: ${signedAt.text} is now earlier than ${formatTimestamp(now - age)}` +
        ` (${formatTimestamp(now)} - ${durationOf(age)}.)`,
    );
  }
  if (signedAt.time > now + skewMax) {
    throw invalidSignature(
      `Signature not yet current: ${signedAt.text} is still later than ` +
        `${formatTimestamp(now + skewMax)} (${formatTimestamp(now)} + ${durationOf(skewMax)}.)`,
    );
  }
}

function expiresOf(text: string): Millis {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= expiresMax) return seconds * 1000;
  throw incompleteSignature(`X-Amz-Expires must be a number of seconds from 1 to ${expiresMax}.`);
}

function durationOf(duration: Millis): string {
  return duration % 60_000 === 0 ? `${duration / 60_000} min` : `${duration / 1000} sec`;
}
