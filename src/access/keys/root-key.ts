import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Random } from '../../env/random.ts';
import { KeyError } from '../../log/log.ts';

/**
 * The key that everything secret in the journals is wrapped with: the secrets of access keys, the material of
 * KMS keys, the secrets of tokens. It is never written to a journal itself. A source may hold several: the
 * first wraps, all of them unwrap, so that a new one can be put before the old.
 */
export interface RootKey {
  /**
   * Wraps a secret with AES-256-GCM, as text. `purpose` says what it is, and has to be given again:
   * `access-key/AKIA…`.
   */
  wrap(secret: Uint8Array, purpose: string): string;
  /** The secret in such a text. Throws a `KeyError` when none of the keys wrapped it for this purpose. */
  unwrap(text: string, purpose: string): Buffer;
  /** Whether a text was wrapped with the first key. */
  isCurrent(text: string): boolean;
}

/** `secrets` are one to sixteen keys of 32 bytes, the one that wraps first. */
export function rootKeyOf(secrets: readonly Uint8Array[], random: Random): RootKey {
  const keys = secrets.map(keyOf);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const first = keys[0]!;
  return {
    wrap: (secret, purpose) => seal(first, secret, purpose, random.bytes(saltBytes)),
    unwrap(text, purpose) {
      const [format, id, sealed = '', ...rest] = text.split('.');
      const key = format === form && rest.length === 0 ? byId.get(id!) : undefined;
      if (key === undefined)
        throw new KeyError(`no root key that is given has wrapped ${purpose}`, 'missing');
      const secret = open(key, sealed, purpose);
      if (secret === undefined) throw new KeyError(`what stands for ${purpose} was not wrapped for it`);
      return secret;
    },
    isCurrent: (text) => text.startsWith(`${form}.${first.id}.`),
  };
}

/**
 * The same secret, wrapped with the first of the root keys: the text itself when it is already. Throws as
 * `unwrap` does.
 */
export function rewrapped(root: RootKey, text: string, purpose: string): string {
  return root.isCurrent(text) ? text : root.wrap(root.unwrap(text, purpose), purpose);
}

// A wrapped text: `form`, the id of the root key in hex, and in base64 a salt, what was encrypted, and the
// tag. Each text has a key of its own, derived from the root key and its salt (RFC 5869), which encrypts
// once: the nonce can be the same always. The id names one root key only, so that no other opens the text.

type Key = { readonly id: string; readonly secret: KeyObject };

function keyOf(secret: Uint8Array): Key {
  const id = Buffer.from(hkdfSync('sha256', secret, '', 'millrace root key id', idBytes)).toString('hex');
  return { id, secret: createSecretKey(secret) };
}

function seal({ id, secret }: Key, plain: Uint8Array, purpose: string, salt: Buffer): string {
  const cipher = createCipheriv(algorithm, derived(secret, salt), nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([salt, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${form}.${id}.${sealed.toString('base64')}`;
}

/** Undefined when it was not sealed with this key for this purpose. */
function open({ secret }: Key, text: string, purpose: string): Buffer | undefined {
  const sealed = Buffer.from(text, 'base64');
  // Node skips what is not base64, so a changed text could decode to the same bytes.
  if (sealed.toString('base64') !== text) return undefined;
  const tagAt = sealed.length - tagBytes;
  if (tagAt < saltBytes) return undefined;
  const decipher = createDecipheriv(algorithm, derived(secret, sealed.subarray(0, saltBytes)), nonce)
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(tagAt));
  const plain = decipher.update(sealed.subarray(saltBytes, tagAt));
  try {
    decipher.final();
    return plain;
  } catch {
    // Node's error for a wrong tag has no code.
    return undefined;
  }
}

function derived(secret: KeyObject, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'millrace root key wrap', 32));
}

const form = 'r1';
const algorithm = 'aes-256-gcm';
const idBytes = 16;
const saltBytes = 32;
const tagBytes = 16;
const nonce = Buffer.alloc(12);
