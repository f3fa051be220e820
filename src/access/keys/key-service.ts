import type { KeyError } from '../../log/log.ts';

/**
 * What binds a ciphertext to its use: it decrypts only together with the same (AWS KMS developer guide,
 * "Encryption context").
 */
export type EncryptionContext = Readonly<Record<string, string>>;

/**
 * The keys that data keys are wrapped with: the built-in KMS, or an endpoint that speaks AWS KMS's API. All
 * calls reject with `KeyError` (log/log.ts), whose code says why a key is not to be had.
 */
export interface KeyService {
  /**
   * The key that an id, an ARN, an alias or an alias's ARN names, for callers of an account and a region.
   * `alias/aws/kinesis` is there without being made, where the journal of keys has its owner; in a worker it
   * is missing until the owner was asked for it once.
   */
  describe(named: string, scope: KeyScope): Promise<KeyFacts>;
  /** A new data key of 32 bytes, in clear and wrapped. */
  generateDataKey(keyArn: string, context: EncryptionContext): Promise<GeneratedKey>;
  /** The data key in a wrapping, and the ARN of the key that wrapped it. */
  decrypt(wrapped: Buffer, context: EncryptionContext): Promise<{ arn: string; secret: Buffer }>;
  /**
   * Why the key of an ARN may not be used now, undefined when it may be; absent from a service that would
   * have to be asked over a network. With it, nothing that was unwrapped before is used against its word.
   */
  troubleOf?(keyArn: string): KeyError | undefined;
}

export type KeyScope = { readonly account: string; readonly region: string };

export type KeyFacts = { readonly arn: string; readonly isEnabled: boolean };

export type GeneratedKey = { readonly arn: string; readonly secret: Buffer; readonly wrapped: Buffer };
