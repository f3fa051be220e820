import { hex, hmac, sha256, utf8 } from './sha256.ts';

/** A request to be signed with Signature Version 4 (IAM user guide, "Create a signed AWS API request"). */
export type Unsigned = {
  readonly method: string;
  /** Escaped, without the query. */
  readonly path: string;
  /** Names and values, unescaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case; `host` among them, which the browser sends by itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Signer = {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly service: string;
  /** That of the day on which the request is signed, see `dayKey`. */
  readonly dayKey: Uint8Array;
};

/**
 * The key that signs on one day (`20261129`) for all regions and services: it does not give the secret away.
 */
export function dayKey(secretAccessKey: string, day: string): Uint8Array<ArrayBuffer> {
  return hmac(utf8(`AWS4${secretAccessKey}`), utf8(day));
}

/** The headers of a signed request, without `host`. `now` is in milliseconds. */
export function signedHeaders(unsigned: Unsigned, signer: Signer, now: number): Record<string, string> {
  const date = timestampOf(now);
  const { sessionToken, accessKeyId } = signer;
  const headers: Record<string, string> = { ...unsigned.headers, 'x-amz-date': date };
  if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
  const names = Object.keys(headers).sort();
  const scope = `${dayOf(now)}/${signer.region}/${signer.service}/aws4_request`;
  const text = `${algorithm}\n${date}\n${scope}\n${hashOf(canonicalRequest({ ...unsigned, headers }, names))}`;
  const signature = hex(hmac(signingKeyOf(signer), utf8(text)));
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** ISO 8601's basic format, in whole seconds. */
function timestampOf(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Of a time in milliseconds, in UTC: `20261129`. */
export function dayOf(now: number): string {
  return timestampOf(now).slice(0, 8);
}

/** The query as it is sent: in order, and escaped as it is signed. */
export function queryText(query: Unsigned['query']): string {
  return query
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Percent-encodes all but the unreserved characters of RFC 3986. Half a surrogate pair becomes U+FFFD. */
export function escaped(text: string): string {
  const byPercent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, byPercent);
}

const algorithm = 'AWS4-HMAC-SHA256';

function signingKeyOf({ dayKey: key, region, service }: Signer): Uint8Array {
  return [region, service, 'aws4_request'].reduce<Uint8Array>((last, part) => hmac(last, utf8(part)), key);
}

/** Paths are escaped once more. */
function canonicalRequest(
  { method, path, query, headers, body }: Unsigned,
  names: readonly string[],
): string {
  const lines = names.map((name) => `${name}:${headers[name]!.trim().replace(/[ \t]+/g, ' ')}\n`).join('');
  const again = path.split('/').map(escaped).join('/');
  return `${method}\n${again}\n${queryText(query)}\n${lines}\n${names.join(';')}\n${hashOf(body)}`;
}

function hashOf(text: string): string {
  return hex(sha256(utf8(text)));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
