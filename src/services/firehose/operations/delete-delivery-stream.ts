import { boolean, required, structure } from '../../../wire/shape.ts';
import { inUse } from '../errors.ts';
import { operation } from '../operation.ts';
import { changeDeliveryStream } from '../parts/delivery-change.ts';
import { addressOf, deliveryStreamArnOf } from '../parts/delivery-stream.ts';
import { deliveryStreamName } from '../shapes/stream-shapes.ts';

export const deleteDeliveryStream = operation({
  name: 'DeleteDeliveryStream',
  summary: 'Deletes a delivery stream and what of it was not delivered; it is DELETING for a while.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteDeliveryStreamInput', {
    DeliveryStreamName: required(deliveryStreamName),
    AllowForceDelete: boolean(),
  }),
  output: structure('DeleteDeliveryStreamOutput', {}),
  prepare: (world, { DeliveryStreamName }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      run: async () => {
        await changeDeliveryStream(world, address, (stream) => {
          if (stream.status === 'DELETING') return stream;
          if (stream.status === 'CREATING') {
            throw inUse(
              `Firehose ${address.name} under account ${address.account} cannot be deleted in CREATING state`,
            );
          }
          return { ...stream, status: 'DELETING', updatedAt: world.clock.now() };
        });
        return {};
      },
    };
  },
});
