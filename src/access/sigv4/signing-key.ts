import { createHmac } from 'node:crypto';
import type { HmacKey } from './hmac.ts';

/** What a signing key is good for: one day, in one region, for one service. */
export type Scope = { readonly date: string; readonly region: string; readonly service: string };

/**
 * Signing keys that were derived before, each of which saves four HMACs. The caller keeps a key once a
 * signature made with it was right, so that strangers cannot push others' keys out.
 */
export class SigningKeys {
  readonly #kept = new Map<string, HmacKey>();

  find(secretAccessKey: string, scope: Scope): HmacKey | undefined {
    return this.#kept.get(nameOf(secretAccessKey, scope));
  }

  /** The key kept first goes when there are too many. */
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
