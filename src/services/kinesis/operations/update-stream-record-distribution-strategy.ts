import { streamKeyOf } from '../../../catalog/state.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { distributionStrategy, streamArn } from '../parts/shapes.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

export const updateStreamRecordDistributionStrategy = operation({
  name: 'UpdateStreamRecordDistributionStrategy',
  summary: 'Sets who chooses the shard of a record: its partition key, or (AUTO) the service.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateStreamRecordDistributionStrategyInput', {
    StreamARN: required(streamArn),
    RecordDistributionStrategy: required(distributionStrategy),
  }),
  output: undefined,
  prepare: ({ catalog }, request, caller) =>
    onStream(request, caller, async (address) => {
      const distribution = request.RecordDistributionStrategy;
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        if (stream.mode !== 'ON_DEMAND') throw provisionedAuto();
        requireActive(stream);
        return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: { distribution } }];
      });
    }),
});

export function provisionedAuto(): ServiceError {
  return invalidArgument('RecordDistributionStrategy can only be set for streams in ON_DEMAND mode.');
}
