import type { Caller } from '../../../access/caller.ts';
import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import { keyIdIn } from '../../../access/keys/key-cipher.ts';
import type { EncryptionContext } from '../../../access/keys/key-service.ts';
import type { KmsKey } from '../../../access/keys/state.ts';
import { invalidRequest, kmsError, unsupported } from '../errors.ts';
import type { KmsWorld } from '../world.ts';
import { requireEnabled } from './key-status.ts';
import { type KeyTarget, keyOf, targetOf } from './key-target.ts';

/** What requests for cryptography say besides their key and their data. */
type CryptoRequest = {
  readonly GrantTokens?: readonly string[] | undefined;
  readonly Recipient?: object | undefined;
  readonly algorithms?: readonly (string | undefined)[];
};

/** Refuses a check of permissions without a ciphertext, which is not served. */
export function checkDryRun({
  DryRunModifiers = [],
}: {
  readonly DryRunModifiers?: readonly string[];
}): void {
  if (DryRunModifiers.length > 0) throw unsupported('DryRunModifiers are not served.');
}

/** Refuses what is not served, whichever the key is. */
export function checkCrypto({ GrantTokens = [], Recipient, algorithms = [] }: CryptoRequest): void {
  if (Recipient !== undefined) throw unsupported('Answers for enclaves (Recipient) are not served.');
  // There are no grants, so there is no token of one.
  if (GrantTokens.length > 0) throw kmsError('InvalidGrantTokenException');
  const other = algorithms.find((each) => each !== undefined && each !== 'SYMMETRIC_DEFAULT');
  if (other !== undefined) {
    throw kmsError(
      'InvalidKeyUsageException',
      `Algorithm ${other} is incompatible with key spec SYMMETRIC_DEFAULT.`,
    );
  }
}

/** What was encrypted with a key that is enabled. */
export function encrypted(
  { cipher }: KmsWorld,
  key: KmsKey,
  plain: Uint8Array,
  context: EncryptionContext = {},
): Buffer {
  requireEnabled(key);
  return cipher.encrypt(key, plain, context);
}

/**
 * The key to decrypt a ciphertext with: the one that made it, which a request may name. Throws AWS's answers
 * to bytes that no key has made.
 */
export function decryptingKey(
  { keys }: KmsWorld,
  bytes: Buffer | undefined,
  named: string | undefined,
  caller: Caller,
): { readonly target: KeyTarget; readonly bytes: Buffer } {
  if (bytes === undefined) throw invalidRequest('CiphertextBlob is required.');
  const asked = named === undefined ? undefined : targetOf(keys.state, named, caller);
  const id = keyIdIn(bytes);
  if (id === undefined) throw kmsError('InvalidCiphertextException');
  if (asked !== undefined) return { target: asked, bytes };
  const key = keys.state.keys.get(id);
  if (key === undefined || key.region !== caller.region) throw unknownKey();
  return { target: { name: { kind: 'key', ...key }, key, arn: formatKeyArn(key) }, bytes };
}

/** What is in a ciphertext. */
export function decrypted(
  { cipher }: KmsWorld,
  target: KeyTarget,
  ciphertext: Buffer,
  context: EncryptionContext = {},
): Buffer {
  const key = keyOf(target);
  if (keyIdIn(ciphertext) !== key.id) {
    throw kmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  requireEnabled(key);
  const plain = cipher.decrypt(key, ciphertext, context);
  if (plain === undefined) throw kmsError('InvalidCiphertextException');
  return plain;
}

function unknownKey() {
  return kmsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, ' +
      'does not exist in this region, or you are not allowed to access.',
  );
}
