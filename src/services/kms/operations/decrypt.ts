import { versionIn } from '../../../access/keys/key-cipher.ts';
import { boolean, structure } from '../../../wire/shape.ts';
import { dryRun } from '../errors.ts';
import { operation } from '../operation.ts';
import { callContext } from '../parts/call-context.ts';
import { checkCrypto, checkDryRun, decrypted, decryptingKey } from '../parts/crypto-request.ts';
import { keyOf } from '../parts/key-target.ts';
import { materialId } from '../parts/key-view.ts';
import {
  algorithm,
  ciphertext,
  dryRunModifiers,
  encryptionContext,
  grantTokens,
  keyId,
  keyMaterialId,
  plaintext,
  recipient,
} from '../parts/shapes.ts';

export const decrypt = operation({
  name: 'Decrypt',
  summary: 'Decrypts what a key has encrypted, with its encryption context.',
  runs: 'here',
  audit: 'read',
  input: structure('DecryptRequest', {
    CiphertextBlob: ciphertext,
    EncryptionContext: encryptionContext,
    GrantTokens: grantTokens,
    KeyId: keyId,
    EncryptionAlgorithm: algorithm,
    Recipient: recipient,
    DryRun: boolean(),
    DryRunModifiers: dryRunModifiers,
  }),
  output: structure('DecryptResponse', {
    KeyId: keyId,
    Plaintext: plaintext,
    EncryptionAlgorithm: algorithm,
    KeyMaterialId: keyMaterialId,
  }),
  prepare: (world, request, caller) => {
    const {
      EncryptionContext: context,
      KeyId,
      GrantTokens,
      EncryptionAlgorithm,
      Recipient,
      DryRun,
    } = request;
    const { target, bytes } = decryptingKey(world, request.CiphertextBlob, KeyId, caller);
    return {
      resource: target.arn,
      named: target.named,
      context: callContext(world.keys.state, target, caller, { context }),
      run: async () => {
        checkCrypto({ GrantTokens, Recipient, algorithms: [EncryptionAlgorithm] });
        checkDryRun(request);
        const Plaintext = decrypted(world, target, bytes, context);
        if (DryRun === true) throw dryRun();
        return {
          KeyId: target.arn,
          Plaintext,
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
          KeyMaterialId: materialId(keyOf(target), versionIn(bytes)),
        };
      },
    };
  },
});
