import type { SeededRandom } from '../random.ts';
import type { DeliveryModel } from './delivery-model.ts';
import { bucketArn, roleArn } from './delivery-work.ts';

/** How long a delivery waits for more at most, in seconds. */
const intervals = [0, 0, 1, 1, 2, 5];

/** `ExtendedS3DestinationConfiguration` of a delivery stream. */
export function drawDestination(delivery: DeliveryModel, random: SeededRandom): object {
  return {
    RoleARN: roleArn,
    BucketARN: bucketArn,
    ...drawPlace(delivery, random),
    ...processingOf(delivery),
  };
}

/** `ExtendedS3DestinationUpdate`: other names for its objects, and other patience. */
export function drawPlace({ name, isPartitioned }: DeliveryModel, random: SeededRandom): object {
  const folder = `${name}/${random.pick(['a', 'b', 'c', 'd'])}/`;
  return {
    Prefix: isPartitioned ? `${folder}!{partitionKeyFromQuery:group}/` : folder,
    ErrorOutputPrefix: `${name}/errors/`,
    // Partitions want 64 MB at least.
    BufferingHints: { SizeInMBs: isPartitioned ? 64 : 1, IntervalInSeconds: random.pick(intervals) },
  };
}

/** Lines, so that records tell apart. */
function processingOf({ isPartitioned }: DeliveryModel): object {
  const lines = processor('AppendDelimiterToRecord', { Delimiter: '\\n' });
  const query = { MetadataExtractionQuery: '{group: .group}', JsonParsingEngine: 'JQ-1.6' };
  const keys = processor('MetadataExtraction', query);
  return {
    ProcessingConfiguration: { Enabled: true, Processors: isPartitioned ? [keys, lines] : [lines] },
    ...(isPartitioned && { DynamicPartitioningConfiguration: { Enabled: true } }),
  };
}

function processor(type: string, named: Readonly<Record<string, string>>): object {
  const parameters = Object.entries(named);
  return {
    Type: type,
    Parameters: parameters.map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })),
  };
}

/** What CreateChannel has beside the name of the channel and its stream. */
export function drawChannel({ name }: DeliveryModel, random: SeededRandom): object {
  return {
    S3DestinationConfiguration: {
      DataFreshnessInSeconds: random.pick([1, 1, 2, 5]),
      StorageConfiguration: {
        BucketARN: bucketArn,
        ExpectedBucketOwner: '000000000000',
        OutputKeyTemplate: `${name}/!{yyyy}/!{channel-name}!{extension:.txt}`,
        CompressionType: 'NONE',
      },
    },
  };
}
