import { streamKeyOf } from '../../../catalog/state.ts';
import { operation } from '../../../rpc/operation.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { required, structure } from '../../../wire/shape.ts';
import { distributionStrategy, streamArn } from '../parts/shapes.ts';
import { addressOf, requireActive, requireStreamAt } from '../parts/target.ts';

export const updateStreamRecordDistributionStrategy = operation({
  name: 'UpdateStreamRecordDistributionStrategy',
  summary: 'Sets who chooses the shard of a record: its partition key, or (AUTO) the service.',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateStreamRecordDistributionStrategyInput', {
    StreamARN: required(streamArn),
    RecordDistributionStrategy: required(distributionStrategy),
  }),
  output: undefined,
  async handle({ catalog }, request, caller) {
    const address = addressOf(request, caller);
    const distribution = request.RecordDistributionStrategy;
    await catalog.commit((state) => {
      const stream = requireStreamAt(state, address);
      if (stream.mode !== 'ON_DEMAND') throw provisionedAuto();
      requireActive(stream);
      return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: { distribution } }];
    });
  },
});

export function provisionedAuto(): ServiceError {
  return new ServiceError(
    'InvalidArgumentException',
    'RecordDistributionStrategy can only be set for streams in ON_DEMAND mode.',
  );
}
