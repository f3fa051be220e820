import { createHmac } from 'node:crypto';
import type { HmacKey } from './hmac.ts';

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
