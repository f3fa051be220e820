import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { deliveryStreamArnOf } from './delivery-stream.ts';
import { destinationOf, type ExtendedS3Description, type S3Description } from './destination.ts';

/** AWS names the only destination of a delivery stream so. */
export const onlyDestinationId = 'destinationId-000000000001';

/** A delivery stream as it is described, with its destination unless that is not after an id. */
export function viewOf(stream: DeliveryStreamRecord, after: string | undefined) {
  const { keyArn, keyType, status } = stream.encryption;
  const isListed = after === undefined || after < onlyDestinationId;
  return {
    DeliveryStreamName: stream.name,
    DeliveryStreamARN: deliveryStreamArnOf(stream),
    DeliveryStreamStatus: stream.status,
    DeliveryStreamEncryptionConfiguration: { KeyARN: keyArn, KeyType: keyType, Status: status },
    DeliveryStreamType: stream.type,
    VersionId: String(stream.version),
    CreateTimestamp: stream.createdAt,
    LastUpdateTimestamp: stream.updatedAt > stream.createdAt ? stream.updatedAt : undefined,
    Source: sourceOf(stream),
    Destinations: isListed ? [viewDestination(stream)] : [],
    HasMoreDestinations: false,
  };
}

function sourceOf({ source, throughputHintMiB }: DeliveryStreamRecord) {
  if (throughputHintMiB !== undefined) {
    return { DirectPutSourceDescription: { ThroughputHintInMBs: throughputHintMiB } };
  }
  if (source === undefined) return undefined;
  const { streamArn, role, startedAt } = source;
  return {
    KinesisStreamSourceDescription: {
      KinesisStreamARN: streamArn,
      RoleARN: role,
      DeliveryStartTimestamp: startedAt,
    },
  };
}

/** AWS describes a destination in S3 twice: as it was at first, and with what was added since. */
function viewDestination(stream: DeliveryStreamRecord) {
  const destination = destinationOf(stream);
  const id = { DestinationId: onlyDestinationId };
  switch (destination.kind) {
    case 'extended-s3': {
      const { described } = destination;
      return {
        ...id,
        S3DestinationDescription: plainS3(described),
        ExtendedS3DestinationDescription: described,
      };
    }
    case 'http':
      return { ...id, HttpEndpointDestinationDescription: destination.described };
    case 'iceberg':
      return { ...id, IcebergDestinationDescription: destination.described };
  }
}

function plainS3(described: ExtendedS3Description): S3Description {
  const { RoleARN, BucketARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat } = described;
  const { EncryptionConfiguration, CloudWatchLoggingOptions } = described;
  return {
    ...{ RoleARN, BucketARN, BufferingHints, CompressionFormat, EncryptionConfiguration },
    ...(Prefix === undefined ? {} : { Prefix }),
    ...(ErrorOutputPrefix === undefined ? {} : { ErrorOutputPrefix }),
    ...(CloudWatchLoggingOptions === undefined ? {} : { CloudWatchLoggingOptions }),
  };
}
