import {
  blob,
  boolean,
  integer,
  list,
  map,
  required,
  string,
  structure,
  timestamp,
} from '../../../wire/shape.ts';

// Constraints of shared shapes, from the service's model (API reference, data types).

export const keyId = string({ min: 1, max: 2048 });
export const arn = string({ min: 20, max: 2048 });
export const aliasName = string({ min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' });
export const description = string({ min: 0, max: 8192 });
/** In the order in which AWS's validation text lists them, as far as that is known. */
export const keyUsage = string({
  values: ['SIGN_VERIFY', 'KEY_AGREEMENT', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC'],
});
export const keySpec = string({
  values: [
    ...['RSA_2048', 'ECC_NIST_P384', 'ECC_NIST_P256', 'ECC_NIST_P521', 'HMAC_384', 'RSA_3072'],
    ...['ECC_SECG_P256K1', 'RSA_4096', 'SYMMETRIC_DEFAULT', 'HMAC_256', 'HMAC_224', 'HMAC_512', 'SM2'],
    ...['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87', 'ECC_NIST_EDWARDS25519'],
  ],
});
/** The same as it was called before. */
export const masterKeySpec = string({
  values: [
    ...['RSA_2048', 'ECC_NIST_P384', 'ECC_NIST_P256', 'ECC_NIST_P521', 'HMAC_384', 'RSA_3072'],
    ...['ECC_SECG_P256K1', 'RSA_4096', 'SYMMETRIC_DEFAULT', 'HMAC_256', 'HMAC_224', 'HMAC_512', 'SM2'],
  ],
});
export const origin = string({ values: ['EXTERNAL', 'AWS_KMS', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] });
export const keyState = string({
  values: [
    ...['Creating', 'Enabled', 'Disabled', 'PendingDeletion', 'PendingImport', 'PendingReplicaDeletion'],
    ...['Unavailable', 'Updating'],
  ],
});
export const algorithm = string({
  values: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'],
});
export const dataKeySpec = string({ values: ['AES_256', 'AES_128'] });
export const keyMaterialId = string({ min: 64, max: 64, pattern: '^[a-f0-9]+$' });
export const storeId = string({ min: 1, max: 64 });
export const policy = string({ min: 1, max: 131_072 });
export const policyName = string({ min: 1, max: 128, pattern: '[\\w]+' });
export const limit = integer({ min: 1, max: 1000 });
export const marker = string({ min: 1, max: 1024 });
export const windowDays = integer({ min: 1, max: 365 });
export const periodDays = integer({ min: 90, max: 2560 });
export const plaintext = blob({ min: 1, max: 4096, isSensitive: true });
export const ciphertext = blob({ min: 1, max: 6144 });
export const byteCount = integer({ min: 1, max: 1024 });
export const encryptionContext = map(string());
export const grantTokens = list(string({ min: 1, max: 8192 }), { min: 0, max: 10 });
export const dryRunModifiers = list(string({ values: ['IGNORE_CIPHERTEXT'] }));

/** An enclave to encrypt an answer for. */
export const recipient = structure('RecipientInfo', {
  KeyEncryptionAlgorithm: string({ values: ['RSAES_OAEP_SHA_256'] }),
  AttestationDocument: blob({ min: 1, max: 262_144 }),
});

export const tagKey = string({ min: 1, max: 128 });
export const tags = list(
  structure('Tag', { TagKey: required(tagKey), TagValue: required(string({ min: 0, max: 256 })) }),
);

export const keyMetadata = structure('KeyMetadata', {
  AWSAccountId: string(),
  KeyId: required(keyId),
  Arn: arn,
  CreationDate: timestamp(),
  Enabled: boolean(),
  Description: description,
  KeyUsage: keyUsage,
  KeyState: keyState,
  DeletionDate: timestamp(),
  Origin: origin,
  KeyManager: string({ values: ['AWS', 'CUSTOMER'] }),
  CustomerMasterKeySpec: masterKeySpec,
  KeySpec: keySpec,
  EncryptionAlgorithms: list(algorithm),
  MultiRegion: boolean(),
  CurrentKeyMaterialId: keyMaterialId,
});

/** What every list answers besides its items. */
export const page = { NextMarker: marker, Truncated: boolean() };
