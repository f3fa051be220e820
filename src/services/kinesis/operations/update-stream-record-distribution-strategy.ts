import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { distributionStrategy, streamArn } from '../parts/shapes.ts';
import { setStream } from '../parts/stream-change.ts';
import { requireActive, requireDistributable } from '../parts/target.ts';

export const updateStreamRecordDistributionStrategy = operation({
  name: 'UpdateStreamRecordDistributionStrategy',
  summary: 'Sets what chooses the shard of a record: its partition key, or (AUTO) the service.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateStreamRecordDistributionStrategyInput', {
    StreamARN: required(streamArn),
    RecordDistributionStrategy: required(distributionStrategy),
  }),
  output: undefined,
  prepare: (world, request, caller) =>
    setStream(world, request, caller, (stream) => {
      requireDistributable(stream.mode);
      requireActive(stream);
      return { distribution: request.RecordDistributionStrategy };
    }),
});
