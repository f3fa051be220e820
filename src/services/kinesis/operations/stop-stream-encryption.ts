import { operation } from '../operation.ts';
import { changeEncryption, stopEncryptionInput } from '../parts/stream-encryption.ts';

export const stopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  summary: 'Shows a stream as no longer encrypted.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: stopEncryptionInput,
  output: undefined,
  prepare: (world, request, caller) => changeEncryption(world, request, caller, null),
});
