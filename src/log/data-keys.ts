import { strict as assert } from 'node:assert';
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A data key as it is kept beside what it encrypts: wrapped by the key that the ARN names. */
export type Wrapping = { readonly arn: string; readonly wrapped: Buffer };

/**
 * A wrapped data key in a log. Its id, from 1 to 2^32 − 1, is the log's own, and no other key of the stream
 * has it.
 */
export type WrappedKey = Wrapping & { readonly id: number };

/** What a log needs of a data key to place what is encrypted with it: HMAC-SHA-256. It opens nothing. */
export type PlacingKey = Wrapping & { readonly places: KeyObject };

/** Where the keys of streams come from. */
export interface DataKeys {
  /**
   * The key that records of a stream are encrypted with from now on, undefined while they are not. At once
   * where it is known. Throws or rejects with `KeyError`, and with `DroppedError` for a stream that is not
   * there.
   */
  current(stream: string): EncryptingKey | undefined | Promise<EncryptingKey | undefined>;
  /** The key of a stream that is in a wrapping. Throws or rejects as `current` does. */
  open(wrapping: Wrapping, stream: string): DataKey | Promise<DataKey>;
}

/** A data key that can be used. One that was read from a log only decrypts. */
export class DataKey implements PlacingKey {
  readonly arn: string;
  readonly wrapped: Buffer;
  /** For the payloads of batches: AES-256. */
  readonly payloads: KeyObject;
  /** For the places of frames: HMAC-SHA-256. */
  readonly places: KeyObject;

  /** `secret` is 32 bytes. Keys for different uses are derived from it (RFC 5869). */
  constructor({ arn, wrapped }: Wrapping, secret: Uint8Array) {
    this.arn = arn;
    this.wrapped = wrapped;
    this.payloads = derived(secret, 'payloads');
    this.places = derived(secret, 'places');
  }
}

/**
 * A data key that encrypts: made by the one thread that has it, in this run of the process. So a counter is
 * all that its nonces need: no two are the same, whatever was lost in a crash.
 */
export class EncryptingKey {
  readonly key: DataKey;
  #batches = 0;
  #bytes = 0;

  /** `key` must not have encrypted anything. */
  constructor(key: DataKey) {
    this.key = key;
  }

  /** True once it has encrypted so much that NIST's limits are near. Whoever has it takes another in time. */
  get isSpent(): boolean {
    return this.#batches >= batchesMax || this.#bytes >= bytesMax;
  }

  /** What was encrypted with it so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The nonce for a batch: 4 bytes of zeros, then the number of the batch (NIST SP 800-38D §8.2.1). */
  nonceFor(batchBytes: number): Buffer {
    assert(!this.isSpent);
    const nonce = Buffer.alloc(nonceBytes);
    nonce.writeBigUInt64BE(BigInt(this.#batches), nonceBytes - 8);
    this.#batches += 1;
    this.#bytes += batchBytes;
    return nonce;
  }
}

export const nonceBytes = 12;

/** The most invocations of GCM that NIST SP 800-38D §8.3 allows where it limits them at all. */
const batchesMax = 2 ** 32;

/** 2^32 blocks of AES: two of them are the same with a probability of 2^-65. */
const bytesMax = 2 ** 36;

function derived(secret: Uint8Array, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `millrace ${use}`, 32)));
}
