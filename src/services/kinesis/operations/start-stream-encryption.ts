import { operation } from '../operation.ts';
import { changeEncryption, startEncryptionInput } from '../parts/stream-encryption.ts';

export const startStreamEncryption = operation({
  name: 'StartStreamEncryption',
  summary:
    'Shows a stream as encrypted with a key. So far this is a state only: records are stored as they are.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: startEncryptionInput,
  output: undefined,
  prepare: (world, request, caller) => changeEncryption(world, request, caller, request.KeyId),
});
