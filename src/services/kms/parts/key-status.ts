import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import type { KmsKey } from '../../../access/keys/state.ts';
import { kmsError } from '../errors.ts';

// What can be done with a key in which state, and what is answered else (developer guide, "Key states of AWS
// KMS keys").

/** For using a key, and for rotating it. */
export function requireEnabled(key: KmsKey): void {
  requireNotPending(key);
  if (key.status === 'Disabled') throw kmsError('DisabledException', `${formatKeyArn(key)} is disabled.`);
}

/** For changing a key. */
export function requireNotPending(key: KmsKey): void {
  if (key.status !== 'PendingDeletion') return;
  throw kmsError('KMSInvalidStateException', `${formatKeyArn(key)} is pending deletion.`);
}

export function requirePending(key: KmsKey): void {
  if (key.status === 'PendingDeletion') return;
  throw kmsError('KMSInvalidStateException', `${formatKeyArn(key)} is not pending deletion.`);
}
