import { timingSafeEqual } from 'node:crypto';
import type { Millis } from '../../env/clock.ts';
import type { HttpHead, HttpMessage } from '../../env/network.ts';
import { HeaderFields, queryOf } from '../../http/headers.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { type Claim, claimOf, KnownSigners, signatureForm } from './claim.ts';
import { incompleteSignature, invalidSignature, tokenExpired, tokenInvalid } from './errors.ts';
import { type Credential, checkScope, checkTime, parseTimestamp, type Timestamp } from './scope.ts';
import { type Signed, signatureOf } from './signature.ts';
import { deriveSigningKey, HmacKey, SigningKeys } from './signing-key.ts';

/** As `Authenticate`, and answers no more than the signature says. */
type Verifier = (
  request: HttpMessage,
  headers: HeaderFields,
  now: Millis,
  services: readonly string[],
  sha256?: string,
) => Verified;

/** A caller. Without `Keys`, this is only what the request claims. */
export type Verified = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken?: string;
};

/** The keys that may sign. */
export interface Keys {
  /** A temporary key is found only together with its session token. */
  find(accessKeyId: string, sessionToken?: string): Key | undefined;
}

export type Key = {
  readonly secretAccessKey: string;
  /** A temporary key has one, and requests must bring it; with other keys they must bring none. */
  readonly sessionToken?: string;
  readonly expiresAt?: Millis;
};

/** Whether a request's head has a known key, a near time and a served scope. Verifies no signature. */
export type Glance = (head: HttpHead, now: Millis) => boolean;

export type VerifierOptions = {
  /**
   * Without them every well-formed signature is accepted: clock and signature are not compared, and of its
   * scope only the region is checked. Clients that guess the rest from the endpoint's name guess wrong at
   * localhost, as aws4 for Node does.
   */
  readonly keys?: Keys | undefined;
  /** Regions that a request may be signed for; all when absent. */
  readonly regions?: readonly string[] | undefined;
  /** Services that a request may be signed for, before it is known what it calls. */
  readonly services: readonly string[];
};

/**
 * The one gate that every request passes. The caller's identity comes from the very claim that was verified,
 * the checks stand in the order in which AWS's front end was seen to make them, and the body comes last.
 */
export function createVerifier(options: Omit<VerifierOptions, 'services'>): Verifier {
  const { keys } = options;
  const signingKeys = new SigningKeys();
  const known = new KnownSigners();
  const readClaim = claimReader(options, known);
  return (request, headers, now, services, sha256) => {
    const { claim, signedAt, credential } = readClaim(request, headers, now, services);
    if (keys !== undefined) {
      checkHeadersSigned(claim, headers);
      checkSignature(
        { request, headers, claim, signedAt, scope: credential, sha256 },
        keys.find(credential.accessKeyId, claim.sessionToken),
        signingKeys,
        now,
      );
      if (claim.newcomer !== undefined) known.keep(claim.newcomer, claim.signer);
    }
    return verifiedOf(credential, claim);
  };
}

/** Checks a request's head as a verifier with the same options does before it compares signatures. */
export function createGlance(options: VerifierOptions): Glance {
  const readClaim = claimReader(options, new KnownSigners());
  return (head, now) => {
    try {
      const headers = new HeaderFields(head.rawHeaders);
      const { credential, claim } = readClaim(head, headers, now, options.services);
      const { keys } = options;
      return keys === undefined || keys.find(credential.accessKeyId, claim.sessionToken) !== undefined;
    } catch (error) {
      if (error instanceof ServiceError) return false;
      throw error;
    }
  };
}

/** A request's claim, after all checks that need neither a secret nor the body. */
type ReadClaim = {
  readonly claim: Claim;
  readonly signedAt: Timestamp;
  readonly credential: Credential;
};

function claimReader({ keys, regions }: Omit<VerifierOptions, 'services'>, known: KnownSigners) {
  // Requests of one second have the same text.
  let latest: { readonly date: string; readonly signedAt: Timestamp } | undefined;
  const timeOf = (date: string): Timestamp => {
    if (latest?.date !== date) latest = { date, signedAt: parseTimestamp(date) };
    return latest.signedAt;
  };
  return (head: HttpHead, headers: HeaderFields, now: Millis, services: readonly string[]): ReadClaim => {
    checkSize(head);
    requireSingle(headers);
    const claim = claimOf(headers, queryOf(head.target), known);
    const signedAt = timeOf(claim.date);
    if (keys !== undefined) {
      checkTime(signedAt, claim.expires, now);
      checkHostSigned(claim);
    }
    checkForm(claim);
    const credential = claim.signer.credential();
    const signing = keys === undefined ? undefined : { services, signedAt };
    checkScope(credential, { regions, services, signing });
    return { claim, signedAt, credential };
  };
}

function requireSingle({ repeated }: HeaderFields): void {
  if (repeated !== undefined) throw invalidSignature(`Found more than one '${repeated}' header.`);
}

/** Bounds the work that a stranger can cause, before any of it is done. */
function checkSize({ target, rawHeaders }: HttpHead): void {
  let size = target.length;
  for (const text of rawHeaders) size += text.length;
  if (size > headBytesMax) throw invalidSignature(`The request's head is longer than ${headBytesMax} bytes.`);
}

/** Of a head; four times node:http's default. */
const headBytesMax = 64 * 1024;

function checkHostSigned({ signer: { signedHeaders } }: Claim): void {
  if (signedHeaders.includes('host') || signedHeaders.includes(':authority')) return;
  throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

function checkForm({ signer: { algorithm }, signature }: Claim): void {
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw incompleteSignature(
      `Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `,
    );
  }
  if (!signatureForm.test(signature)) throw wrongSignature();
}

/** An unsigned x-amz-* header could have been added or changed on the way. */
function checkHeadersSigned({ signer: { signedHeaders } }: Claim, headers: HeaderFields): void {
  if (signedHeaders.some((name, index) => index > 0 && name <= signedHeaders[index - 1]!)) {
    throw invalidSignature('SignedHeaders must be in order, and name each header once.');
  }
  for (const name of headers.names()) {
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) {
      throw invalidSignature(`There were headers present in the request which were not signed: ${name}`);
    }
  }
}

/** An unknown key takes as long as a known one: its signature is compared with that of a made-up secret. */
function checkSignature(
  signed: Signed & { readonly claim: Claim },
  key: Key | undefined,
  signingKeys: SigningKeys,
  now: Millis,
): void {
  const { scope, claim } = signed;
  const secret = key?.secretAccessKey ?? 'nobody';
  const keptKey = signingKeys.find(secret, scope);
  const signingKey = keptKey ?? new HmacKey(deriveSigningKey(secret, scope));
  const expected = signatureOf(signed, signingKey);
  const right = expected !== undefined && isEqual(expected, claim.signature);
  if (key === undefined) throw tokenInvalid();
  if (!right) throw wrongSignature();
  checkToken(claim.sessionToken, key, now);
  if (keptKey === undefined) signingKeys.keep(secret, scope, signingKey);
}

function checkToken(token: string | undefined, key: Key, now: Millis): void {
  const compared = token !== undefined || key.sessionToken !== undefined;
  if (compared && !isEqual(token ?? '', key.sessionToken ?? '')) throw tokenInvalid();
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    throw tokenExpired();
  }
}

/** Takes the same time wherever two texts of one length differ. */
function isEqual(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

function wrongSignature(): ServiceError {
  return invalidSignature(
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function verifiedOf({ accessKeyId, region, service }: Credential, { sessionToken }: Claim): Verified {
  const verified = { accessKeyId, region, service };
  return sessionToken === undefined ? verified : { ...verified, sessionToken };
}
