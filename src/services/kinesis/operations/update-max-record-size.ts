import { streamKeyOf } from '../../../catalog/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { recordSizeKiB, streamArn } from '../parts/shapes.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

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
  prepare: ({ catalog }, request, caller) =>
    onStream(request, caller, async (address) => {
      const recordSizeMaxKiB = request.MaxRecordSizeInKiB;
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        requireActive(stream);
        return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: { recordSizeMaxKiB } }];
      });
    }),
});
