import { versionIn } from '../../../access/keys/key-cipher.ts';
import { boolean, required, structure } from '../../../wire/shape.ts';
import { dryRun } from '../errors.ts';
import { operation } from '../operation.ts';
import { callContext } from '../parts/call-context.ts';
import { checkCrypto, checkDryRun, decrypted, decryptingKey, encrypted } from '../parts/crypto-request.ts';
import { keyOf, targetOf } from '../parts/key-target.ts';
import { materialId } from '../parts/key-view.ts';
import {
  algorithm,
  ciphertext,
  dryRunModifiers,
  encryptionContext,
  grantTokens,
  keyId,
  keyMaterialId,
} from '../parts/shapes.ts';

export const reEncrypt = operation({
  name: 'ReEncrypt',
  summary: 'Decrypts and encrypts again, with another key or context; the plaintext stays on the server.',
  runs: 'here',
  audit: 'read',
  input: structure('ReEncryptRequest', {
    CiphertextBlob: ciphertext,
    SourceEncryptionContext: encryptionContext,
    SourceKeyId: keyId,
    DestinationKeyId: required(keyId),
    DestinationEncryptionContext: encryptionContext,
    SourceEncryptionAlgorithm: algorithm,
    DestinationEncryptionAlgorithm: algorithm,
    GrantTokens: grantTokens,
    DryRun: boolean(),
    DryRunModifiers: dryRunModifiers,
  }),
  output: structure('ReEncryptResponse', {
    CiphertextBlob: ciphertext,
    SourceKeyId: keyId,
    KeyId: keyId,
    SourceEncryptionAlgorithm: algorithm,
    DestinationEncryptionAlgorithm: algorithm,
    SourceKeyMaterialId: keyMaterialId,
    DestinationKeyMaterialId: keyMaterialId,
  }),
  prepare: (world, request, caller) => {
    const { SourceEncryptionContext: from, DestinationEncryptionContext: to, GrantTokens } = request;
    const { state } = world.keys;
    const { target: source, bytes } = decryptingKey(
      world,
      request.CiphertextBlob,
      request.SourceKeyId,
      caller,
    );
    const destination = targetOf(state, request.DestinationKeyId, caller);
    return {
      resource: destination.arn,
      permissions: [
        {
          action: 'kms:ReEncryptFrom',
          ...{ resource: source.arn, named: source.named },
          context: callContext(state, source, caller, { context: from }),
        },
        {
          action: 'kms:ReEncryptTo',
          ...{ resource: destination.arn, named: destination.named },
          context: callContext(state, destination, caller, { context: to }),
        },
      ],
      run: async () => {
        checkCrypto({
          GrantTokens,
          algorithms: [request.SourceEncryptionAlgorithm, request.DestinationEncryptionAlgorithm],
        });
        checkDryRun(request);
        const key = keyOf(destination);
        const CiphertextBlob = encrypted(world, key, decrypted(world, source, bytes, from), to);
        if (request.DryRun === true) throw dryRun();
        return {
          CiphertextBlob,
          SourceKeyId: source.arn,
          KeyId: destination.arn,
          SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
          DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
          SourceKeyMaterialId: materialId(keyOf(source), versionIn(bytes)),
          DestinationKeyMaterialId: materialId(key, key.versions.length),
        };
      },
    };
  },
});
