import { createHash } from 'node:crypto';
import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import type { KmsKey } from '../../../access/keys/state.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import type { keyMetadata } from './shapes.ts';

/** A key as it is described. */
export function viewKey(key: KmsKey): OutputOf<typeof keyMetadata> {
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: formatKeyArn(key),
    CreationDate: key.createdAt,
    Enabled: key.status === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.status,
    DeletionDate: key.deletionAt ?? undefined,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: materialId(key, key.versions.length),
  };
}

/** Names the material of a key's version; nothing about the material follows from it. */
export function materialId({ id }: KmsKey, number: number): string {
  return createHash('sha256').update(`${id}/${number}`).digest('hex');
}
