import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { extendedS3DestinationConfiguration, extendedS3DestinationUpdate } from '../shapes/s3-shapes.ts';
import { isConverted, requireConversion, updateConversion } from './conversion.ts';
import type { ExtendedS3Description } from './destination.ts';
import { requirePrefixes } from './prefixes.ts';
import { describeProcessing } from './processors.ts';
import { describeObjects, describeS3, updateS3, usualHints } from './s3-destination.ts';

/** A destination as a request has it made, with its defaults. */
export function describeExtendedS3(
  configuration: TypeOf<typeof extendedS3DestinationConfiguration>,
): ExtendedS3Description {
  const { S3BackupConfiguration: backup, ...rest } = configuration;
  return checked({ ...rest, ...(backup && { S3BackupDescription: describeS3(backup) }) });
}

/**
 * A destination with what an update says of it, member by member (UpdateDestination in the API reference).
 */
export function updateExtendedS3(
  described: ExtendedS3Description,
  update: TypeOf<typeof extendedS3DestinationUpdate>,
): ExtendedS3Description {
  const { S3BackupUpdate: backupUpdate, DataFormatConversionConfiguration: conversion, ...rest } = update;
  const { S3BackupDescription: backup, DynamicPartitioningConfiguration: partitioning } = described;
  if (described.S3BackupMode === 'Enabled' && rest.S3BackupMode === 'Disabled') {
    throw invalidArgument('S3 backup cannot be disabled once it was enabled.');
  }
  const partitioned = rest.DynamicPartitioningConfiguration?.Enabled ?? partitioning?.Enabled ?? false;
  if (partitioned !== (partitioning?.Enabled ?? false)) {
    throw invalidArgument(
      'Dynamic Partitioning can be enabled and disabled only when a delivery stream is created.',
    );
  }
  const merged = updateConversion(described.DataFormatConversionConfiguration, conversion);
  const backedUp = backup === undefined ? madeBackup(backupUpdate) : updateS3(backup, backupUpdate);
  return checked({
    ...described,
    ...rest,
    ...(merged && { DataFormatConversionConfiguration: merged }),
    ...(backedUp && { S3BackupDescription: backedUp }),
  });
}

/** An update that says all of what was not there. */
function madeBackup(update: TypeOf<typeof extendedS3DestinationUpdate>['S3BackupUpdate']) {
  if (update === undefined) return undefined;
  const { RoleARN, BucketARN } = update;
  if (RoleARN !== undefined && BucketARN !== undefined) return describeS3({ ...update, RoleARN, BucketARN });
  throw invalidArgument('RoleARN and BucketARN are required for an S3 backup destination.');
}

type Unchecked = Omit<TypeOf<typeof extendedS3DestinationConfiguration>, 'S3BackupConfiguration'> &
  Pick<ExtendedS3Description, 'S3BackupDescription'>;

/** The order in which conversions are checked, and the words, are AWS's (recorded). */
function checked(made: Unchecked): ExtendedS3Description {
  const { DataFormatConversionConfiguration: conversion, Prefix = '', RoleARN } = made;
  const isPartitioned = made.DynamicPartitioningConfiguration?.Enabled === true;
  requirePrefixes(made, isPartitioned);
  const sizeMiB = made.BufferingHints?.SizeInMBs;
  if (isConverted(conversion)) {
    requireConversion(conversion, { compression: made.CompressionFormat, sizeMiB });
  }
  if (isPartitioned && sizeMiB !== undefined && sizeMiB < 64) {
    throw invalidArgument(
      'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
    );
  }
  if (made.S3BackupMode === 'Enabled' && made.S3BackupDescription === undefined) {
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.');
  }
  const place = { kind: 'extended-s3' as const, prefix: Prefix, isPartitioned, role: RoleARN };
  const processing = describeProcessing(made.ProcessingConfiguration, place);
  const hints = isConverted(conversion) || isPartitioned ? largeHints : usualHints;
  return {
    ...made,
    ...describeObjects(made, hints),
    ...(isConverted(conversion) && { DataFormatConversionConfiguration: { ...conversion, Enabled: true } }),
    ...(processing && { ProcessingConfiguration: processing }),
    S3BackupMode: made.S3BackupMode ?? 'Disabled',
  };
}

/** AWS's for conversions (recorded) and partitions. */
const largeHints = { SizeInMBs: 128, IntervalInSeconds: 300 };
