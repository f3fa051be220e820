import { operation } from './operation.ts';
import { changeEncryption, startEncryptionInput } from './stream-encryption.ts';

export const startStreamEncryption = operation({
  name: 'StartStreamEncryption',
  summary: 'Has new records encrypted with a key; older ones stay as they are.',
  rate: { perSecond: 5, per: 'account' },
  input: startEncryptionInput,
  output: undefined,
  handle: (service, request, caller) => changeEncryption(service, request, caller, request.KeyId),
});
