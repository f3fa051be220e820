import { boolean, integer, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from '../parts/delivery-stream.ts';
import { deliveryStreamName, tagKey, tagList } from '../shapes/stream-shapes.ts';

export const listTagsForDeliveryStream = operation({
  name: 'ListTagsForDeliveryStream',
  summary: 'Lists the tags of a delivery stream by their keys.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('ListTagsForDeliveryStreamInput', {
    DeliveryStreamName: required(deliveryStreamName),
    ExclusiveStartTagKey: tagKey,
    Limit: integer({ min: 1, max: 50 }),
  }),
  output: structure('ListTagsForDeliveryStreamOutput', {
    Tags: required(tagList),
    HasMoreTags: required(boolean()),
  }),
  prepare: ({ opened }, { DeliveryStreamName, ExclusiveStartTagKey: after = '', Limit = 50 }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      run: async () => {
        const { tags } = requireDeliveryStream(opened().journal, address);
        const rest = tags.filter(([key]) => key > after);
        const page = rest.slice(0, Limit);
        return {
          Tags: page.map(([Key, Value]) => ({ Key, Value })),
          HasMoreTags: page.length < rest.length,
        };
      },
    };
  },
});
