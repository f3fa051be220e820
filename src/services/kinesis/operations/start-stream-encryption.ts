import { operation } from '../../../rpc/operation.ts';
import { changeEncryption, startEncryptionInput } from '../parts/stream-encryption.ts';

export const startStreamEncryption = operation({
  name: 'StartStreamEncryption',
  summary:
    'Shows a stream as encrypted with a key. So far this is a state only: records are stored as they are.',
  rate: { perSecond: 5, per: 'account' },
  input: startEncryptionInput,
  output: undefined,
  handle: (service, request, caller) => changeEncryption(service, request, caller, request.KeyId),
});
