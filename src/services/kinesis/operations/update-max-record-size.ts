import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { recordSizeKiB, streamArn } from '../parts/shapes.ts';
import { setStream } from '../parts/stream-change.ts';
import { requireActive } from '../parts/target.ts';

export const updateMaxRecordSize = operation({
  name: 'UpdateMaxRecordSize',
  summary: 'Sets how large a record may be, from 1 to 10 MiB. Larger ones that are already there stay.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateMaxRecordSizeInput', {
    StreamARN: streamArn,
    MaxRecordSizeInKiB: required(recordSizeKiB),
  }),
  output: undefined,
  prepare: (world, request, caller) =>
    setStream(world, request, caller, (stream) => {
      requireActive(stream);
      return { recordSizeMaxKiB: request.MaxRecordSizeInKiB };
    }),
});
