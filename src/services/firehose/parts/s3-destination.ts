import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { s3DestinationConfiguration, s3DestinationUpdate } from '../shapes/s3-shapes.ts';
import type { S3Description } from './destination.ts';

type Hints = { readonly SizeInMBs?: number; readonly IntervalInSeconds?: number };

/** AWS's defaults (Firehose API reference, "BufferingHints"). */
const usualHints = { SizeInMBs: 5, IntervalInSeconds: 300 };

/** Both hints, or neither: as AWS documents them. */
export function hintsOf(hints: Hints | undefined, usual = usualHints): Required<Hints> {
  const { SizeInMBs, IntervalInSeconds } = hints ?? {};
  if (SizeInMBs === undefined && IntervalInSeconds === undefined) return usual;
  if (SizeInMBs !== undefined && IntervalInSeconds !== undefined) return { SizeInMBs, IntervalInSeconds };
  throw invalidArgument('Both IntervalInSeconds and SizeInMBs must be specified in BufferingHints.');
}

/** A configuration of objects in a bucket with its defaults, as it is described. */
export function describeS3(configuration: TypeOf<typeof s3DestinationConfiguration>): S3Description {
  const { EncryptionConfiguration: encryption } = configuration;
  return {
    ...configuration,
    BufferingHints: hintsOf(configuration.BufferingHints),
    CompressionFormat: configuration.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: encryption ?? { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: configuration.CloudWatchLoggingOptions ?? { Enabled: false },
  };
}

/** A description with what an update says of it. */
export function updateS3(
  described: S3Description,
  update: TypeOf<typeof s3DestinationUpdate> | undefined,
): S3Description {
  return describeS3({ ...described, ...update });
}
