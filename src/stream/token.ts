import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../env/random.ts';

/** Seals small values into opaque strings that clients cannot forge: shard iterators and page tokens. */
export interface Tokens {
  /** A fresh string each time, also for the same value. */
  seal(purpose: string, value: readonly TokenField[]): string;
  /** The value sealed for this purpose; undefined for anything else. */
  unseal(purpose: string, token: string): readonly TokenField[] | undefined;
}

export type TokenField = string | number;

/** `secret` is 32 bytes. */
export function makeTokens(secret: Buffer, random: Random): Tokens {
  return {
    seal(purpose, value) {
      const text = JSON.stringify([purpose, ...value]);
      const over = (nonceBytes + tagBytes + Buffer.byteLength(text)) % block;
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce);
      const sealed = cipher.update(text + ' '.repeat((block - over) % block), 'utf8');
      cipher.final(); // Only makes the tag: this is a stream cipher.
      return Buffer.concat([prefix, nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    unseal(purpose, token) {
      const bytes = Buffer.from(token, 'base64');
      // Node skips what is not base64, so a changed token could decode to the same bytes.
      const text = bytes.toString('base64') === token ? open(secret, bytes) : undefined;
      if (text === undefined) return undefined;
      const [sealedFor, ...value] = JSON.parse(text) as TokenField[];
      return sealedFor === purpose ? value : undefined;
    },
  };
}

const prefix = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const nonceBytes = 12;
const tagBytes = 16;
const block = 16;

function open(secret: Buffer, bytes: Buffer): string | undefined {
  const sealedAt = prefix.length + nonceBytes + tagBytes;
  if (bytes.length <= sealedAt || !bytes.subarray(0, prefix.length).equals(prefix)) return undefined;
  const nonce = bytes.subarray(prefix.length, prefix.length + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce);
  decipher.setAuthTag(bytes.subarray(prefix.length + nonceBytes, sealedAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(sealedAt)), decipher.final()]).toString();
  } catch {
    return undefined; // The tag does not match: not ours, or changed on the way.
  }
}
