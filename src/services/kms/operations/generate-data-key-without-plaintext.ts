import { boolean, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { newDataKey } from '../parts/data-key.ts';
import {
  byteCount,
  ciphertext,
  dataKeySpec,
  encryptionContext,
  grantTokens,
  keyId,
  keyMaterialId,
} from '../parts/shapes.ts';

export const generateDataKeyWithoutPlaintext = operation({
  name: 'GenerateDataKeyWithoutPlaintext',
  summary: 'Makes a data key that is answered only encrypted.',
  runs: 'here',
  audit: 'read',
  input: structure('GenerateDataKeyWithoutPlaintextRequest', {
    KeyId: required(keyId),
    EncryptionContext: encryptionContext,
    KeySpec: dataKeySpec,
    NumberOfBytes: byteCount,
    GrantTokens: grantTokens,
    DryRun: boolean(),
  }),
  output: structure('GenerateDataKeyWithoutPlaintextResponse', {
    CiphertextBlob: ciphertext,
    KeyId: keyId,
    KeyMaterialId: keyMaterialId,
  }),
  prepare: (world, request, caller) => {
    const { run, ...prepared } = newDataKey(world, request, caller);
    return {
      ...prepared,
      run: async () => {
        const { Plaintext: _, ...rest } = await run();
        return rest;
      },
    };
  },
});
