import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * A data key as it is kept beside what it encrypts: wrapped by the key that the ARN names. Its id, from 1 to
 * 2^32 − 1, is never that of another key of the same stream.
 */
export type WrappedKey = { readonly id: number; readonly arn: string; readonly wrapped: Buffer };

/** Where the log's keys come from. */
export interface DataKeys {
  /**
   * The key that records of a stream are encrypted with from now on, undefined while they are not. It may
   * encrypt up to 2^32 batches (encryption.ts). Rejects with `KeyError`.
   */
  current(stream: string): Promise<DataKey | undefined>;
  /** The key that is in a wrapping. Rejects with `KeyError`. */
  open(wrapped: WrappedKey): Promise<DataKey>;
}

/** A data key that can be used. */
export class DataKey implements WrappedKey {
  readonly id: number;
  readonly arn: string;
  readonly wrapped: Buffer;
  /** For the payloads of batches: AES-256. */
  readonly payloads: KeyObject;
  /** For the places of frames: HMAC-SHA-256. */
  readonly places: KeyObject;

  /** `secret` is 32 bytes. Keys for different uses are derived from it (RFC 5869). */
  constructor({ id, arn, wrapped }: WrappedKey, secret: Uint8Array) {
    this.id = id;
    this.arn = arn;
    this.wrapped = wrapped;
    this.payloads = derived(secret, 'payloads');
    this.places = derived(secret, 'places');
  }
}

function derived(secret: Uint8Array, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `millrace ${use}`, 32)));
}
