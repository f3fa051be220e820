import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { s3DestinationConfiguration, s3DestinationUpdate } from '../shapes/s3-shapes.ts';
import type { S3Description } from './destination.ts';
import { requirePrefixes } from './prefixes.ts';

type Hints = { readonly SizeInMBs?: number; readonly IntervalInSeconds?: number };
type Logging = S3Description['CloudWatchLoggingOptions'];

/** AWS's defaults (Firehose API reference, "BufferingHints"). */
export const usualHints = { SizeInMBs: 5, IntervalInSeconds: 300 };

/** Both hints, or neither, as AWS documents them. */
export function describeHints(hints: Hints | undefined, usual = usualHints): Required<Hints> {
  const { SizeInMBs, IntervalInSeconds } = hints ?? {};
  if (SizeInMBs === undefined && IntervalInSeconds === undefined) return usual;
  if (SizeInMBs !== undefined && IntervalInSeconds !== undefined) return { SizeInMBs, IntervalInSeconds };
  throw invalidArgument('Both SizeInMBs and IntervalInSeconds are required to configure buffering hints.');
}

/** What a delivery stream logs goes to the server's own log; the options are kept and described. */
export function describeLogging(options: Logging): NonNullable<Logging> {
  if (options?.Enabled !== true) return options ?? { Enabled: false };
  if (!options.LogGroupName) throw missingLog('Group');
  if (!options.LogStreamName) throw missingLog('Stream');
  return options;
}

/** The words are AWS's (recorded). */
const missingLog = (what: string) =>
  invalidArgument(`CloudWatch Log ${what} Name is required if CloudWatch Logging is enabled`);

/** A configuration of objects in a bucket with its defaults, as it is described. */
export function describeObjects(
  configuration: TypeOf<typeof s3DestinationConfiguration>,
  hints = usualHints,
): S3Description {
  const encryption = configuration.EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' };
  if ((encryption.NoEncryptionConfig === undefined) === (encryption.KMSEncryptionConfig === undefined)) {
    throw invalidArgument('Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified');
  }
  return {
    ...configuration,
    BufferingHints: describeHints(configuration.BufferingHints, hints),
    CompressionFormat: configuration.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: encryption,
    CloudWatchLoggingOptions: describeLogging(configuration.CloudWatchLoggingOptions),
  };
}

/** The same for one that is all there is of a bucket, and has no partitions. */
export function describeS3(configuration: TypeOf<typeof s3DestinationConfiguration>): S3Description {
  requirePrefixes(configuration, false);
  return describeObjects(configuration);
}

/** A description with what an update says of it. */
export function updateS3(
  described: S3Description,
  update: TypeOf<typeof s3DestinationUpdate> | undefined,
): S3Description {
  return update === undefined ? described : describeS3({ ...described, ...update });
}
