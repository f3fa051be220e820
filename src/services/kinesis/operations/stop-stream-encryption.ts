import { operation } from '../operation.ts';
import { changeEncryption, stopEncryptionInput } from '../parts/stream-encryption.ts';

export const stopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  summary: 'Has the records of a stream stored as they are. Older ones stay encrypted, and readable.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: stopEncryptionInput,
  output: undefined,
  prepare: (world, request, caller) => changeEncryption(world, request, caller, null),
});
