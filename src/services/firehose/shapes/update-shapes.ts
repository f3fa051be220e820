import { required, type StructureShape, type TypeOf } from '../../../wire/shape.ts';
import { destinationUpdates, unservedUpdates } from './destination-shapes.ts';
import { deliveryStreamName, destinationId, versionId } from './stream-shapes.ts';

export const updateMembers = {
  DeliveryStreamName: required(deliveryStreamName),
  CurrentDeliveryStreamVersionId: required(versionId),
  DestinationId: required(destinationId),
  ...destinationUpdates,
  ...unservedUpdates,
};

export type UpdateInput = TypeOf<StructureShape<typeof updateMembers>>;
