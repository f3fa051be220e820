import type { StreamAddress } from '../../../kinesis/arn.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import type { extendedS3DestinationConfiguration } from '../shapes/s3-shapes.ts';
import type { OpenedFirehose } from '../world.ts';
import type { ExtendedS3Description } from './destination.ts';
import { describeS3 } from './s3-destination.ts';

export async function createdExtendedS3(
  _opened: OpenedFirehose,
  configuration: TypeOf<typeof extendedS3DestinationConfiguration>,
  _address: StreamAddress,
): Promise<ExtendedS3Description> {
  const { S3BackupConfiguration: backup, ...rest } = configuration;
  return {
    ...rest,
    ...describeS3(rest),
    S3BackupMode: configuration.S3BackupMode ?? 'Disabled',
    ...(backup === undefined ? {} : { S3BackupDescription: describeS3(backup) }),
  };
}
