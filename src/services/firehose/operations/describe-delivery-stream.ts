import { integer, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from '../parts/delivery-stream.ts';
import { viewOf } from '../parts/view.ts';
import { destinationDescriptions } from '../shapes/destination-shapes.ts';
import { deliveryStreamName, destinationId, streamMembers } from '../shapes/stream-shapes.ts';

export const describeDeliveryStream = operation({
  name: 'DescribeDeliveryStream',
  summary: 'Describes a delivery stream: its status, its source, and its destination with all defaults.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DescribeDeliveryStreamInput', {
    DeliveryStreamName: required(deliveryStreamName),
    Limit: integer({ min: 1, max: 10_000 }),
    ExclusiveStartDestinationId: destinationId,
  }),
  output: structure('DescribeDeliveryStreamOutput', {
    DeliveryStreamDescription: required(
      structure('DeliveryStreamDescription', {
        ...streamMembers,
        Destinations: required(destinationDescriptions),
      }),
    ),
  }),
  prepare: ({ opened }, { DeliveryStreamName, ExclusiveStartDestinationId: after }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      run: async () => ({
        DeliveryStreamDescription: viewOf(requireDeliveryStream(opened().journal, address), after),
      }),
    };
  },
});
