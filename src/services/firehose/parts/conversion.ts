import { openTimestampPattern } from '../../../delivery/json/timestamp-pattern.ts';
import { schemaOfGlueColumns } from '../../../delivery/schema/glue-columns.ts';
import { SchemaError } from '../../../delivery/schema/schema-error.ts';
import type { SchemaSource } from '../../../delivery/schema/schema-source.ts';
import type { TableSchema } from '../../../iceberg/table-schema.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument, unserved } from '../errors.ts';
import type { dataFormatConversionConfiguration } from '../shapes/format-shapes.ts';
import { columnsInline } from './inline-columns.ts';

export type Conversion = TypeOf<typeof dataFormatConversionConfiguration>;

/** A conversion that is asked for and not said to be off is on (recorded). */
export function isConverted(conversion: Conversion | undefined): conversion is Conversion {
  return conversion !== undefined && conversion.Enabled !== false;
}

/** A conversion with what an update says of it, member by member, and of its schema as well (recorded). */
export function updateConversion(
  stored: Conversion | undefined,
  update: Conversion | undefined,
): Conversion | undefined {
  if (stored === undefined || update === undefined) return update ?? stored;
  const { SchemaConfiguration: schema } = update;
  return {
    ...stored,
    ...update,
    ...(schema && { SchemaConfiguration: { ...stored.SchemaConfiguration, ...schema } }),
  };
}

/** The order of the checks, and their words, are AWS's (recorded). */
export function requireConversion(
  conversion: Conversion,
  {
    compression,
    sizeMiB,
  }: { readonly compression: string | undefined; readonly sizeMiB: number | undefined },
): void {
  if (compression !== undefined && compression !== 'UNCOMPRESSED') {
    throw invalidArgument(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is " +
        'enabled. To enable compression within the converted output format, set the appropriate serialization ' +
        'option in the output format configuration.',
    );
  }
  if (sizeMiB !== undefined && sizeMiB < 64) {
    throw invalidArgument(
      'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
    );
  }
  const { InputFormatConfiguration: input, OutputFormatConfiguration: output } = conversion;
  if (input === undefined) throw missing('InputFormatConfiguration');
  if (output === undefined) throw missing('OutputFormatConfiguration');
  if (conversion.SchemaConfiguration === undefined) throw missing('SchemaConfiguration');
  const { OpenXJsonSerDe: openX, HiveJsonSerDe: hive } = input.Deserializer ?? {};
  if (openX === undefined && hive === undefined) throw missing('Deserializer');
  if (openX !== undefined && hive !== undefined) throw moreThanOne('deserializer');
  requireTimestampFormats(hive?.TimestampFormats ?? []);
  const { ParquetSerDe: parquet, OrcSerDe: orc } = output.Serializer ?? {};
  if (parquet === undefined && orc === undefined) throw missing('Serializer');
  if (parquet !== undefined && orc !== undefined) throw moreThanOne('serializer');
  if (orc !== undefined) throw unserved('ORC as an output format');
  const { RoleARN, DatabaseName, TableName } = conversion.SchemaConfiguration;
  for (const [name, value] of Object.entries({ RoleArn: RoleARN, DatabaseName, TableName })) {
    if (value === undefined) throw invalidArgument(`SchemaConfiguration.${name} must not be null or empty`);
  }
}

/** What no record could be read by is refused at once: Firehose would refuse each record. */
function requireTimestampFormats(formats: readonly string[]): void {
  try {
    for (const format of formats) if (format !== 'millis') openTimestampPattern(format);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw invalidArgument(error.message);
  }
}

const missing = (member: string) => invalidArgument(`${member} must not be null`);
const moreThanOne = (what: string) =>
  invalidArgument(`More than one ${what} specified. Only one may be chosen.`);

/**
 * The columns that a conversion which is whole names. InvalidArgumentException where they are not to be had.
 */
export async function schemaOf(
  conversion: Conversion,
  schemas: Pick<SchemaSource, 'columnsOf'> | undefined,
  { account, region }: StreamAddress,
): Promise<TableSchema> {
  const { CatalogId, DatabaseName, TableName, Region, VersionId } = conversion.SchemaConfiguration!;
  try {
    const inline = columnsInline(TableName!);
    if (inline !== undefined) return inline;
    if (schemas === undefined) {
      throw new SchemaError(
        `Table ${TableName} of database ${DatabaseName} not found: the server has no --schemas.`,
      );
    }
    const columns = await schemas.columnsOf({
      catalogId: CatalogId ?? account,
      region: Region ?? region,
      database: DatabaseName!,
      table: TableName!,
      version: VersionId ?? 'LATEST',
    });
    return schemaOfGlueColumns(columns);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw invalidArgument(error.message);
  }
}
