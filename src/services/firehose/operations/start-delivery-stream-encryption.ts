import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { encryptionOf } from '../parts/creation.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from '../parts/delivery-stream.ts';
import { changeEncryption, requireEncryptable } from '../parts/encryption-change.ts';
import { hiddenAddressOf } from '../parts/hidden-stream.ts';
import { deliveryStreamName, encryptionConfigurationInput } from '../shapes/stream-shapes.ts';

export const startDeliveryStreamEncryption = operation({
  name: 'StartDeliveryStreamEncryption',
  summary: 'Has what is put to a delivery stream encrypted, from when its encryption is ENABLED.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('StartDeliveryStreamEncryptionInput', {
    DeliveryStreamName: required(deliveryStreamName),
    DeliveryStreamEncryptionConfigurationInput: encryptionConfigurationInput,
  }),
  output: structure('StartDeliveryStreamEncryptionOutput', {}),
  prepare: (world, request, caller) => {
    const address = addressOf(request.DeliveryStreamName, caller);
    const { DeliveryStreamEncryptionConfigurationInput: input = { KeyType: 'AWS_OWNED_CMK' as const } } =
      request;
    return {
      resource: deliveryStreamArnOf(address),
      run: async () => {
        const { journal, keys } = world.opened();
        const stream = requireDeliveryStream(journal, address);
        const encryption = encryptionOf(input, stream.type, address.region);
        requireEncryptable(stream);
        const { keyArn } = encryption;
        if (keyArn !== undefined) await keys.require(keyArn, hiddenAddressOf(address), caller);
        await changeEncryption(world, address, encryption);
        return {};
      },
    };
  },
});
