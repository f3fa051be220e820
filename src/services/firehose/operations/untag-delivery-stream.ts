import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { changeTags } from '../parts/delivery-change.ts';
import { addressOf, deliveryStreamArnOf } from '../parts/delivery-stream.ts';
import { deliveryStreamName, tagKey } from '../shapes/stream-shapes.ts';

export const untagDeliveryStream = operation({
  name: 'UntagDeliveryStream',
  summary: 'Removes tags from a delivery stream; keys that it has not are no error.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UntagDeliveryStreamInput', {
    DeliveryStreamName: required(deliveryStreamName),
    TagKeys: required(list(tagKey, { min: 1, max: 50 })),
  }),
  output: structure('UntagDeliveryStreamOutput', {}),
  prepare: (world, { DeliveryStreamName, TagKeys }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      context: new Map([['aws:tagkeys', TagKeys]]),
      run: async () => {
        await changeTags(world, address, (tags) => tags.filter(([key]) => !TagKeys.includes(key)));
        return {};
      },
    };
  },
});
