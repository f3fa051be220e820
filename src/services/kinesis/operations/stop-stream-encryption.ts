import { operation } from '../../../rpc/operation.ts';
import { changeEncryption, stopEncryptionInput } from '../parts/stream-encryption.ts';

export const stopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  summary: 'Shows a stream as no longer encrypted.',
  rate: { perSecond: 5, per: 'account' },
  input: stopEncryptionInput,
  output: undefined,
  handle: (service, request, caller) => changeEncryption(service, request, caller, null),
});
