import { hash } from 'node:crypto';
import type { HttpMessage } from '../../env/network.ts';
import { type HeaderFields, pathOf, type QueryParameter } from '../../http/headers.ts';
import type { Claim } from './claim.ts';
import type { Timestamp } from './scope.ts';
import type { HmacKey, Scope } from './signing-key.ts';

/** The parts of a request that its signature covers. */
export type Signed = {
  readonly request: HttpMessage;
  readonly headers: HeaderFields;
  readonly claim: Pick<Claim, 'signer' | 'query'>;
  readonly signedAt: Pick<Timestamp, 'text'>;
  readonly scope: Scope;
  /** The body's SHA-256 in hex, if it is known already. */
  readonly sha256: string | undefined;
};

/** The signature that the request should have, in hex. Undefined when no signature can match its claim. */
export function signatureOf(signed: Signed, signingKey: HmacKey): string | undefined {
  const { request, headers, signedAt, scope, sha256 } = signed;
  const payloadHash = sha256 ?? hash('sha256', request.body);
  const declared = headers.get('x-amz-content-sha256');
  // Kinesis has no unsigned or streamed payloads: UNSIGNED-PAYLOAD is just another wrong hash.
  if (declared !== undefined && declared !== payloadHash) return undefined;
  const canonical = canonicalRequest(signed, payloadHash);
  if (canonical === undefined) return undefined;
  const { date, region, service } = scope;
  const canonicalHash = hash('sha256', Buffer.from(canonical, 'latin1'));
  const text = `AWS4-HMAC-SHA256\n${signedAt.text}\n${date}/${region}/${service}/aws4_request\n${canonicalHash}`;
  return signingKey.sign(text);
}

/**
 * The one string that stands for a request (IAM user guide, "Create a signed AWS API request"):
 *
 *   method \n path \n query \n name:value\n for each signed header \n names of those \n hash of the payload
 *
 * The signed headers have to be in order already. Undefined when one of them was not sent.
 */
function canonicalRequest(
  { request, headers, claim, scope }: Signed,
  payloadHash: string,
): string | undefined {
  const { signer, query } = claim;
  let canonicalHeaders = '';
  for (const name of signer.signedHeaders) {
    // HTTP/2 names the host so, and the JavaScript SDK signs that name.
    const value = headers.get(name === ':authority' ? 'host' : name);
    if (value === undefined) return undefined;
    canonicalHeaders += `${name}:${canonicalValue(value)}\n`;
  }
  const path = scope.service === 's3' ? pathOf(request.target) : canonicalPath(pathOf(request.target));
  const parameters = query.length === 0 ? '' : canonicalQuery(query);
  return `${request.method}\n${path}\n${parameters}\n${canonicalHeaders}\n${signer.signedNames}\n${payloadHash}`;
}

/** Runs of blanks become one space; those at the ends are dropped. */
function canonicalValue(value: string): string {
  if (!/^ | {2}|\t| $/.test(value)) return value;
  const collapsed = value.replace(/[ \t]+/g, ' ');
  return collapsed.slice(collapsed.startsWith(' ') ? 1 : 0, collapsed.endsWith(' ') ? -1 : undefined);
}

/**
 * Without empty and dot segments (RFC 3986 §5.2.4), and escaped once more: S3 alone has the path as it was
 * sent.
 */
function canonicalPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(percentEncode(segment));
  }
  const start = path.startsWith('/') ? '/' : '';
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `${start}${segments.join('/')}${end}`;
}

/** Sorted by escaped name, then by escaped value. */
function canonicalQuery(query: readonly QueryParameter[]): string {
  return query
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Escapes all but RFC 3986's unreserved characters, byte by byte. */
function percentEncode(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g, (byte) => {
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
