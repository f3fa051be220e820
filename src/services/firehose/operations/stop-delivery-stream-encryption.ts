import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from '../parts/delivery-stream.ts';
import { changeEncryption, requireDirectPut } from '../parts/encryption-change.ts';
import { deliveryStreamName } from '../shapes/stream-shapes.ts';

export const stopDeliveryStreamEncryption = operation({
  name: 'StopDeliveryStreamEncryption',
  summary: 'Has what is put to a delivery stream no longer encrypted with a key of its own.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('StopDeliveryStreamEncryptionInput', {
    DeliveryStreamName: required(deliveryStreamName),
  }),
  output: structure('StopDeliveryStreamEncryptionOutput', {}),
  prepare: (world, { DeliveryStreamName }, caller) => {
    const address = addressOf(DeliveryStreamName, caller);
    return {
      resource: deliveryStreamArnOf(address),
      run: async () => {
        requireDirectPut(requireDeliveryStream(world.opened().journal, address));
        await changeEncryption(world, address, { status: 'DISABLING' });
        return {};
      },
    };
  },
});
