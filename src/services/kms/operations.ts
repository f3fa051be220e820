import type { Operation } from '../../rpc/operation.ts';
import { cancelKeyDeletion } from './operations/cancel-key-deletion.ts';
import { createAlias } from './operations/create-alias.ts';
import { createKey } from './operations/create-key.ts';
import { decrypt } from './operations/decrypt.ts';
import { deleteAlias } from './operations/delete-alias.ts';
import { describeKey } from './operations/describe-key.ts';
import { disableKey } from './operations/disable-key.ts';
import { disableKeyRotation } from './operations/disable-key-rotation.ts';
import { enableKey } from './operations/enable-key.ts';
import { enableKeyRotation } from './operations/enable-key-rotation.ts';
import { encrypt } from './operations/encrypt.ts';
import { generateDataKey } from './operations/generate-data-key.ts';
import { generateDataKeyWithoutPlaintext } from './operations/generate-data-key-without-plaintext.ts';
import { generateRandom } from './operations/generate-random.ts';
import { getKeyPolicy } from './operations/get-key-policy.ts';
import { getKeyRotationStatus } from './operations/get-key-rotation-status.ts';
import { listAliases } from './operations/list-aliases.ts';
import { listKeyPolicies } from './operations/list-key-policies.ts';
import { listKeyRotations } from './operations/list-key-rotations.ts';
import { listKeys } from './operations/list-keys.ts';
import { listResourceTags } from './operations/list-resource-tags.ts';
import { putKeyPolicy } from './operations/put-key-policy.ts';
import { reEncrypt } from './operations/re-encrypt.ts';
import { rotateKeyOnDemand } from './operations/rotate-key-on-demand.ts';
import { scheduleKeyDeletion } from './operations/schedule-key-deletion.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateAlias } from './operations/update-alias.ts';
import { updateKeyDescription } from './operations/update-key-description.ts';
import type { KmsWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [
  createKey,
  describeKey,
  listKeys,
  updateKeyDescription,
  enableKey,
  disableKey,
  scheduleKeyDeletion,
  cancelKeyDeletion,
  createAlias,
  updateAlias,
  deleteAlias,
  listAliases,
  encrypt,
  decrypt,
  reEncrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
  getKeyPolicy,
  putKeyPolicy,
  listKeyPolicies,
  enableKeyRotation,
  disableKeyRotation,
  getKeyRotationStatus,
  rotateKeyOnDemand,
  listKeyRotations,
  tagResource,
  untagResource,
  listResourceTags,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<KmsWorld>> = new Map(
  all.map((operation: Operation<KmsWorld>) => [operation.name, operation]),
);
