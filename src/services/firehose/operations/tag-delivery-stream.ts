import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { changeTags } from '../parts/delivery-change.ts';
import { addressOf, deliveryStreamArnOf } from '../parts/delivery-stream.ts';
import { mergeTags, tagContext } from '../parts/tags.ts';
import { deliveryStreamName, tags } from '../shapes/stream-shapes.ts';

export const tagDeliveryStream = operation({
  name: 'TagDeliveryStream',
  summary: 'Adds tags to a delivery stream, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('TagDeliveryStreamInput', {
    DeliveryStreamName: required(deliveryStreamName),
    Tags: required(tags),
  }),
  output: structure('TagDeliveryStreamOutput', {}),
  prepare: (world, { DeliveryStreamName, Tags }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      context: tagContext(Tags),
      run: async () => {
        await changeTags(world, address, (tags) => mergeTags(tags, Tags));
        return {};
      },
    };
  },
});
