import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import { boolean, required, structure } from '../../../wire/shape.ts';
import { dryRun } from '../errors.ts';
import { operation } from '../operation.ts';
import { checkCrypto, encrypted } from '../parts/crypto-request.ts';
import { onKey } from '../parts/key-target.ts';
import { algorithm, ciphertext, encryptionContext, grantTokens, keyId, plaintext } from '../parts/shapes.ts';

export const encrypt = operation({
  name: 'Encrypt',
  summary: 'Encrypts up to 4 KiB with a key; the same encryption context is needed to decrypt them.',
  runs: 'here',
  audit: 'read',
  input: structure('EncryptRequest', {
    KeyId: required(keyId),
    Plaintext: required(plaintext),
    EncryptionContext: encryptionContext,
    GrantTokens: grantTokens,
    EncryptionAlgorithm: algorithm,
    DryRun: boolean(),
  }),
  output: structure('EncryptResponse', {
    CiphertextBlob: ciphertext,
    KeyId: keyId,
    EncryptionAlgorithm: algorithm,
  }),
  prepare: (world, request, caller) => {
    const {
      KeyId,
      Plaintext,
      EncryptionContext: context,
      GrantTokens,
      EncryptionAlgorithm,
      DryRun,
    } = request;
    return onKey(world, KeyId, caller, { context }, async (key) => {
      checkCrypto({ GrantTokens, algorithms: [EncryptionAlgorithm] });
      const CiphertextBlob = encrypted(world, key, Plaintext, context);
      if (DryRun === true) throw dryRun();
      return { CiphertextBlob, KeyId: formatKeyArn(key), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const };
    });
  },
});
