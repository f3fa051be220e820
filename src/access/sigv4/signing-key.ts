import { createHmac, hash } from 'node:crypto';

/** The scope of a signing key: one day, one region, one service. */
export type Scope = { readonly date: string; readonly region: string; readonly service: string };

/**
 * Keys that were derived before, each of which saves four HMACs. A key is kept only after a signature with it
 * was right, so strangers cannot push others out.
 */
export class SigningKeys {
  readonly #kept = new Map<string, HmacKey>();

  find(secretAccessKey: string, scope: Scope): HmacKey | undefined {
    return this.#kept.get(nameOf(secretAccessKey, scope));
  }

  /** When there are too many, the first one kept goes. */
  keep(secretAccessKey: string, scope: Scope, key: HmacKey): void {
    if (this.#kept.size >= keptMax) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(nameOf(secretAccessKey, scope), key);
  }
}

const keptMax = 1_000;

function nameOf(secretAccessKey: string, { date, region, service }: Scope): string {
  return `${date}/${region}/${service}/${secretAccessKey}`;
}

/** The key that a client derives from its secret (IAM user guide, "Create a signed AWS API request"). */
export function deriveSigningKey(secretAccessKey: string, { date, region, service }: Scope): Buffer {
  return [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/**
 * HMAC-SHA-256 with one key (RFC 2104): a hash of the key's outer block and of the hash of its inner block
 * and the text. The blocks are made once. Two of the platform's one-shot hashes cost half of what its Hmac
 * objects do.
 */
export class HmacKey {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  constructor(key: Uint8Array) {
    const bytes = key.length > blockBytes ? hash('sha256', key, 'buffer') : key;
    this.#inner = Buffer.alloc(blockBytes + textBytesUsual, 0x36);
    this.#outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);
    for (let at = 0; at < bytes.length; at++) {
      this.#inner[at]! ^= bytes[at]!;
      this.#outer[at]! ^= bytes[at]!;
    }
  }

  /** The code of a text's UTF-8, in hex. */
  sign(text: string): string {
    this.#outer.write(this.#innerHash(text), blockBytes, 'latin1');
    return hash('sha256', this.#outer, 'hex');
  }

  #innerHash(text: string): string {
    // UTF-8 needs at most three bytes for each of JavaScript's characters.
    if (text.length * 3 > textBytesUsual) {
      const block = this.#inner.subarray(0, blockBytes);
      return hash('sha256', Buffer.concat([block, Buffer.from(text)]), 'latin1');
    }
    const end = blockBytes + this.#inner.write(text, blockBytes, 'utf8');
    return hash('sha256', this.#inner.subarray(0, end), 'latin1');
  }
}

/** Of SHA-256 (FIPS 180-4). */
const blockBytes = 64;
const digestBytes = 32;

/** What is signed here has about 150 characters. */
const textBytesUsual = 1024;
