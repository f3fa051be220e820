import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { icebergDestinationConfiguration, icebergDestinationUpdate } from '../shapes/iceberg-shapes.ts';
import type { IcebergDescription } from './destination.ts';
import { requirePrefixes } from './prefixes.ts';
import { describeProcessing, processorOf } from './processors.ts';
import { describeHints, describeLogging, describeS3 } from './s3-destination.ts';

/** A destination as a request has it made, with its defaults. */
export function describeIceberg(
  configuration: TypeOf<typeof icebergDestinationConfiguration>,
): IcebergDescription {
  const { S3Configuration: s3, ...rest } = configuration;
  return checked({ ...rest, S3DestinationDescription: describeS3(s3) });
}

/** A destination with what an update says of it, member by member. */
export function updateIceberg(
  described: IcebergDescription,
  update: TypeOf<typeof icebergDestinationUpdate>,
): IcebergDescription {
  const { S3Configuration: s3, ...rest } = update;
  return checked({ ...described, ...rest, ...(s3 && { S3DestinationDescription: describeS3(s3) }) });
}

/** The words of the first three are AWS's (recorded). */
function checked(made: IcebergDescription): IcebergDescription {
  const { DestinationTableConfigurationList: tables = [], ProcessingConfiguration: processing } = made;
  if (made.S3BackupMode === 'AllData') {
    throw invalidArgument('S3BackupMode.AllData is not supported for Iceberg as destination.');
  }
  const isRouted =
    processorOf(processing, 'Lambda') !== undefined ||
    processorOf(processing, 'MetadataExtraction') !== undefined;
  if (!isRouted && tables.length !== 1) {
    throw invalidArgument(
      'A single default destination table configuration must be provided when both Lambda and MetadataExtraction ' +
        'processors are not provided',
    );
  }
  if (tables.length === 0) {
    throw unserved('A destination of Iceberg without DestinationTableConfigurationList');
  }
  const names = tables.map((table) => `${table.DestinationDatabaseName}.${table.DestinationTableName}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalidArgument(`The table ${twice} is configured more than once.`);
  for (const table of tables) requireTable(table, made.AppendOnly === true);
  const place = { kind: 'iceberg' as const, prefix: '', isPartitioned: false, role: made.RoleARN };
  const described = describeProcessing(processing, place);
  return {
    ...made,
    BufferingHints: describeHints(made.BufferingHints),
    CloudWatchLoggingOptions: describeLogging(made.CloudWatchLoggingOptions),
    S3BackupMode: 'FailedDataOnly',
    RetryOptions: { DurationInSeconds: made.RetryOptions?.DurationInSeconds ?? retrySeconds },
    AppendOnly: made.AppendOnly ?? false,
    ...(described && { ProcessingConfiguration: described }),
  };
}

type Table = NonNullable<IcebergDescription['DestinationTableConfigurationList']>[number];

/** Rows are appended: no key can be told that another row takes the place of. */
function requireTable(table: Table, isAppendOnly: boolean): void {
  if (table.UniqueKeys !== undefined && table.UniqueKeys.length > 0 && !isAppendOnly) {
    throw unserved('An update or a delete by UniqueKeys (AppendOnly is)');
  }
  if ((table.PartitionSpec?.Identity?.length ?? 0) > 1) {
    throw unserved('A table that is made with more than one partition field');
  }
  requirePrefixes({ ErrorOutputPrefix: table.S3ErrorOutputPrefix }, false);
}

const retrySeconds = 300;
