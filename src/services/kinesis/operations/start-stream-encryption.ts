import { operation } from '../operation.ts';
import { changeEncryption, startEncryptionInput } from '../parts/stream-encryption.ts';

export const startStreamEncryption = operation({
  name: 'StartStreamEncryption',
  summary:
    'Has the records of a stream encrypted with a KMS key, from when it is ACTIVE again. Older ones stay as they are.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: startEncryptionInput,
  output: undefined,
  prepare: (world, request, caller) => changeEncryption(world, request, caller, request.KeyId),
});
