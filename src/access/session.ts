import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Bounded } from '../env/bounded.ts';
import type { Millis } from '../env/clock.ts';
import type { Random } from '../env/random.ts';
import type { SessionTag } from './caller.ts';
import type { IdentityState } from './identity/state.ts';
import type { RootKey } from './keys/root-key.ts';
import { base32Letters } from './unique-id.ts';

/** Temporary credentials, as they are known again from their token: nothing about them is stored. */
export type Session = {
  readonly account: string;
  readonly holder: SessionHolder;
  /** Policies that were passed: what they do not allow is not allowed. */
  readonly policies: readonly string[];
  /** The ARNs of managed policies that were passed for the same. */
  readonly policyArns: readonly string[];
  readonly tags: readonly SessionTag[];
  /** Who is behind the session, which those made with it have, too. */
  readonly sourceIdentity?: string | undefined;
  readonly issuedAt: Millis;
  readonly expiresAt: Millis;
  /**
   * Whether the caller that asked for it had proved who it is. Where signatures are verified, no other
   * session counts.
   */
  readonly isProved: boolean;
};

/** Whose rights a session has. */
export type SessionHolder =
  | { readonly kind: 'root' }
  /** A profile of a credentials file, as long as it has this access key. */
  | { readonly kind: 'profile'; readonly name: string; readonly accessKeyId: string }
  /** Whoever called where signatures are not verified. */
  | { readonly kind: 'anyone'; readonly name: string }
  | { readonly kind: 'user'; readonly id: string; readonly name: string }
  | { readonly kind: 'role'; readonly id: string; readonly name: string; readonly sessionName: string };

/** What the caller gets, once. */
export type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** A session that was read from its token, with the secret that its requests are signed with. */
export type OpenedSession = Session & { readonly secretAccessKey: string };

/**
 * Makes sessions and knows them again. A token is sealed with a key that follows from the server's session
 * secret, so it says what it said when it was made, and is of use to this server alone.
 *
 *   token    base64 of: version (1), nonce (12), tag of AES-256-GCM (16), and sealed by it, deflated,
 *            the JSON of [random id of 20 bytes in hex, session]
 *   key id   "ASIA" and a letter of base32 for the lower five bits of each of the first 16 bytes of the id
 *   secret   the first 30 bytes of the HMAC-SHA-256 of the id, in base64
 */
export class Sessions {
  readonly #sealing: Buffer;
  readonly #signing: Buffer;
  readonly #random: Random;
  /** Sessions by the texts of their tokens, which are theirs alone. */
  readonly #opened = new Bounded<string, { readonly accessKeyId: string; readonly session: OpenedSession }>(
    openedMax,
  );

  /** `secret` has 32 bytes. */
  constructor(secret: Uint8Array, random: Random) {
    this.#sealing = derived(secret, 'millrace session token');
    this.#signing = derived(secret, 'millrace session secret');
    this.#random = random;
  }

  /** New credentials for a session; undefined when it says more than a token may hold. */
  issue(session: Session): SessionCredentials | undefined {
    const id = this.#random.bytes(idBytes);
    const nonce = this.#random.bytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce);
    cipher.setAAD(header);
    const sealed = cipher.update(deflateRawSync(JSON.stringify([id.toString('hex'), session])));
    cipher.final(); // Only makes the tag: this is a stream cipher.
    const token = Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]).toString('base64');
    if (token.length > tokenCharactersMax) return undefined;
    return { accessKeyId: keyIdOf(id), secretAccessKey: this.#secretOf(id), sessionToken: token };
  }

  /** The session of a token that belongs to this access key; undefined for anything else. It may be over. */
  open(accessKeyId: string, token: string): OpenedSession | undefined {
    if (token.length > tokenCharactersMax) return undefined;
    const known = this.#opened.get(token) ?? this.#read(token);
    if (known === undefined) return undefined;
    // What a stranger sends is not kept.
    this.#opened.set(token, known);
    return known.accessKeyId === accessKeyId ? known.session : undefined;
  }

  #read(token: string): { accessKeyId: string; session: OpenedSession } | undefined {
    const bytes = Buffer.from(token, 'base64');
    // Node skips what is not base64, so a changed token could decode to the same bytes.
    if (bytes.length <= sealedAt || bytes.toString('base64') !== token) return undefined;
    if (bytes[0] !== version) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, bytes.subarray(1, 1 + nonceBytes));
    decipher.setAAD(header);
    decipher.setAuthTag(bytes.subarray(1 + nonceBytes, sealedAt));
    const packed = decipher.update(bytes.subarray(sealedAt));
    try {
      decipher.final();
    } catch {
      return undefined; // The tag does not match: not ours, or changed on the way.
    }
    const [hex, session] = JSON.parse(String(inflateRawSync(packed))) as [string, Session];
    const id = Buffer.from(hex, 'hex');
    return { accessKeyId: keyIdOf(id), session: { ...session, secretAccessKey: this.#secretOf(id) } };
  }

  #secretOf(id: Buffer): string {
    return createHmac('sha256', this.#signing).update(id).digest().subarray(0, 30).toString('base64');
  }
}

/** What the session secret is wrapped for. */
export const sessionSecretPurpose = 'session-secret';

/** Sessions by the secret that a state has, whichever it is when they are asked for. */
export function sessionsOf(
  identity: { readonly state: IdentityState },
  rootKey: RootKey,
  random: Random,
): () => Sessions {
  let latest: { readonly wrapped: string; readonly sessions: Sessions } | undefined;
  return () => {
    const wrapped = identity.state.sessionSecret;
    if (latest?.wrapped !== wrapped) {
      latest = { wrapped, sessions: new Sessions(rootKey.unwrap(wrapped, sessionSecretPurpose), random) };
    }
    return latest.sessions;
  };
}

/** How temporary access keys begin (IAM user guide, "IAM identifiers"). */
export const temporaryPrefix = 'ASIA';

/** Percent of what sessions may hold of policies and tags that these take, packed as in a token. */
export function packedPercent({ policies, policyArns, tags }: Session): number {
  if (policies.length + policyArns.length + tags.length === 0) return 0;
  const bytes = deflateRawSync(JSON.stringify([policies, policyArns, tags])).length;
  return Math.ceil((100 * bytes) / packedBytesMax);
}

/** Policies of AWS's 2,048 characters, ten ARNs, and tags, as they pack. */
const packedBytesMax = 4_096;

/** Room for those and the rest in base64. A longer token is none of ours, and is not looked at. */
const tokenCharactersMax = 8_192;

/** Their tokens take at most 8 MiB. */
const openedMax = 1_000;

const version = 1;
const header = Buffer.from([version]);
const nonceBytes = 12;
const tagBytes = 16;
const sealedAt = header.length + nonceBytes + tagBytes;
const idBytes = 20;

/** One key for each use (RFC 5869): the secret itself is used for nothing. */
function derived(secret: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', use, 32));
}

function keyIdOf(id: Buffer): string {
  return temporaryPrefix + base32Letters(id.subarray(0, 16));
}
