import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Millis } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';
import type { EncryptionContext } from './key-service.ts';
import type { RootKey } from './root-key.ts';
import { type KeyVersion, type KmsKey, purposeOf } from './state.ts';

/**
 * Encrypts and decrypts with KMS keys, whatever state they are in: who asks looks at that. Throws `KeyError`
 * when the root key that wrapped a key's material is missing.
 */
export class KeyCipher {
  readonly #root: RootKey;
  readonly #random: Random;
  /** Material that was unwrapped, for as long as the state holds its version. */
  readonly #materials = new WeakMap<KeyVersion, Buffer>();

  constructor(root: RootKey, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  /** Fresh material for a key. */
  newVersion(id: string, number: number, since: Millis, cause: KeyVersion['cause']): KeyVersion {
    const wrapped = this.#root.wrap(this.#random.bytes(keyBytes), purposeOf(id, number));
    return { number, wrapped, since, cause };
  }

  /** The same context is needed to decrypt it. There is no limit to how often a key encrypts. */
  encrypt(key: KmsKey, plain: Uint8Array, context: EncryptionContext): Buffer {
    const version = key.versions.at(-1)!;
    const head = headOf(key.id, version.number, this.#random.bytes(saltBytes));
    const cipher = createCipheriv(algorithm, this.#derived(key.id, version, head), nonce);
    cipher.setAAD(Buffer.concat([head, canonical(context)]));
    return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined when it is not what this key encrypted with this context. */
  decrypt(key: KmsKey, ciphertext: Buffer, context: EncryptionContext): Buffer | undefined {
    if (keyIdIn(ciphertext) !== key.id) return undefined;
    const version = key.versions[versionIn(ciphertext) - 1];
    if (version === undefined) return undefined;
    const head = ciphertext.subarray(0, headBytes);
    const tagAt = ciphertext.length - tagBytes;
    const decipher = createDecipheriv(algorithm, this.#derived(key.id, version, head), nonce)
      .setAAD(Buffer.concat([head, canonical(context)]))
      .setAuthTag(ciphertext.subarray(tagAt));
    const plain = decipher.update(ciphertext.subarray(headBytes, tagAt));
    try {
      decipher.final();
      return plain;
    } catch {
      // Node's error for a wrong tag has no code.
      return undefined;
    }
  }

  #derived(id: string, version: KeyVersion, head: Buffer): Buffer {
    let material = this.#materials.get(version);
    if (material === undefined) {
      material = this.#root.unwrap(version.wrapped, purposeOf(id, version.number));
      this.#materials.set(version, material);
    }
    return Buffer.from(hkdfSync('sha256', material, head.subarray(saltAt), 'millrace kms', keyBytes));
  }
}

// A ciphertext: the number of its form, the key's id, the number of its version, a salt, what was encrypted,
// and the tag, which covers everything before it and the encryption context. Each ciphertext has a key of its
// own, derived from the version's material and its salt (RFC 5869), so that the nonce can be the same always.

/** The id of the key that made a ciphertext; undefined for bytes that are none. */
export function keyIdIn(ciphertext: Buffer): string | undefined {
  if (ciphertext.length < headBytes + tagBytes || ciphertext[0] !== form) return undefined;
  const hex = ciphertext.toString('hex', 1, numberAt);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The number of the key's version in a ciphertext of this form. */
export function versionIn(ciphertext: Buffer): number {
  return ciphertext.readUInt32BE(numberAt);
}

function headOf(id: string, number: number, salt: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head[0] = form;
  head.write(id.replaceAll('-', ''), 1, 'hex');
  head.writeUInt32BE(number, numberAt);
  salt.copy(head, saltAt);
  return head;
}

/** A context in one form: by key, each text after its length. In UTF-16 no two texts are alike. */
function canonical(context: EncryptionContext): Buffer {
  const entries = Object.entries(context).map(([key, value]) => [bytesOf(key), bytesOf(value)] as const);
  entries.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat(entries.flatMap(([key, value]) => [lengthOf(key), key, lengthOf(value), value]));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

const algorithm = 'aes-256-gcm';
const form = 1;
const keyBytes = 32;
const idBytes = 16;
const saltBytes = 32;
const tagBytes = 16;
const numberAt = 1 + idBytes;
const saltAt = numberAt + 4;
const headBytes = saltAt + saltBytes;
const nonce = Buffer.alloc(12);
