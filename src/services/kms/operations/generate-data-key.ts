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
  plaintext,
  recipient,
} from '../parts/shapes.ts';

export const generateDataKey = operation({
  name: 'GenerateDataKey',
  summary: 'Makes a data key, in clear and encrypted with a key.',
  runs: 'here',
  audit: 'read',
  input: structure('GenerateDataKeyRequest', {
    KeyId: required(keyId),
    EncryptionContext: encryptionContext,
    NumberOfBytes: byteCount,
    KeySpec: dataKeySpec,
    GrantTokens: grantTokens,
    Recipient: recipient,
    DryRun: boolean(),
  }),
  output: structure('GenerateDataKeyResponse', {
    CiphertextBlob: ciphertext,
    Plaintext: plaintext,
    KeyId: keyId,
    KeyMaterialId: keyMaterialId,
  }),
  prepare: newDataKey,
});
