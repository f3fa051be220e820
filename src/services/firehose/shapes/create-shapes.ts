import { required, structure, type TypeOf } from '../../../wire/shape.ts';
import { destinationConfigurations, unservedConfigurations, unservedSources } from './destination-shapes.ts';
import {
  deliveryStreamName,
  deliveryStreamType,
  directPutSourceConfiguration,
  encryptionConfigurationInput,
  kinesisStreamSourceConfiguration,
  tags,
} from './stream-shapes.ts';

export const createInput = structure('CreateDeliveryStreamInput', {
  DeliveryStreamName: required(deliveryStreamName),
  DeliveryStreamType: deliveryStreamType,
  DirectPutSourceConfiguration: directPutSourceConfiguration,
  KinesisStreamSourceConfiguration: kinesisStreamSourceConfiguration,
  DeliveryStreamEncryptionConfigurationInput: encryptionConfigurationInput,
  ...destinationConfigurations,
  ...unservedConfigurations,
  ...unservedSources,
  Tags: tags,
});

export type CreateInput = TypeOf<typeof createInput>;
