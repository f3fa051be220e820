import { hash } from 'node:crypto';
import type { HttpMessage } from '../../env/network.ts';
import type { HeaderFields } from '../../http/headers.ts';
import { canonicalRequest } from './canonical.ts';
import type { Claim } from './claim.ts';
import type { HmacKey } from './hmac.ts';
import type { Scope } from './signing-key.ts';
import type { Timestamp } from './time.ts';

/** The parts of a request that its signature covers. */
export type Signed = {
  readonly request: HttpMessage;
  readonly headers: HeaderFields;
  readonly claim: Claim;
  readonly signedAt: Timestamp;
  readonly scope: Scope;
  /** The body's SHA-256 in hex, if it is known already. */
  readonly sha256: string | undefined;
};

/** The signature that the request should have, in hex. Undefined when no signature can match its claim. */
export function signatureOf(signed: Signed, signingKey: HmacKey): string | undefined {
  const { request, headers, claim, signedAt, scope, sha256 } = signed;
  const payloadHash = sha256 ?? hash('sha256', request.body);
  const declared = headers.get('x-amz-content-sha256');
  // Kinesis has no unsigned or streamed payloads: UNSIGNED-PAYLOAD is just another wrong hash.
  if (declared !== undefined && declared !== payloadHash) return undefined;
  const canonical = canonicalRequest(request, headers, claim, payloadHash);
  if (canonical === undefined) return undefined;
  const { date, region, service } = scope;
  const canonicalHash = hash('sha256', Buffer.from(canonical, 'latin1'));
  const text = `AWS4-HMAC-SHA256\n${signedAt.text}\n${date}/${region}/${service}/aws4_request\n${canonicalHash}`;
  return signingKey.sign(text);
}
