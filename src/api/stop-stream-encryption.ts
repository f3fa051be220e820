import { operation } from './operation.ts';
import { changeEncryption, stopEncryptionInput } from './stream-encryption.ts';

export const stopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  summary: 'Has new records no longer encrypted; older ones stay as they are, and readable.',
  rate: { perSecond: 5, per: 'account' },
  input: stopEncryptionInput,
  output: undefined,
  handle: (service, request, caller) => changeEncryption(service, request, caller, null),
});
