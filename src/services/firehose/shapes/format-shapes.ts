import { boolean, double, integer, list, map, string, structure } from '../../../wire/shape.ts';
import { nonEmptyString, nonEmptyStringWithoutWhitespace } from './stream-shapes.ts';

const openXJsonSerDe = structure('OpenXJsonSerDe', {
  ConvertDotsInJsonKeysToUnderscores: boolean(),
  CaseInsensitive: boolean(),
  ColumnToJsonKeyMappings: map(nonEmptyString, { keyMin: 1, keyMax: 1024 }),
});

const blockSizeBytes = integer({ min: 64 * 1024 * 1024 });

const parquetSerDe = structure('ParquetSerDe', {
  BlockSizeBytes: blockSizeBytes,
  PageSizeBytes: integer({ min: 64 * 1024 }),
  Compression: string({ values: ['UNCOMPRESSED', 'GZIP', 'SNAPPY'] }),
  EnableDictionaryCompression: boolean(),
  MaxPaddingBytes: integer({ min: 0 }),
  WriterVersion: string({ values: ['V1', 'V2'] }),
});

const proportion = double({ min: 0, max: 1 });

const orcSerDe = structure('OrcSerDe', {
  StripeSizeBytes: integer({ min: 8 * 1024 * 1024 }),
  BlockSizeBytes: blockSizeBytes,
  RowIndexStride: integer({ min: 1000 }),
  EnablePadding: boolean(),
  PaddingTolerance: proportion,
  Compression: string({ values: ['NONE', 'ZLIB', 'SNAPPY'] }),
  BloomFilterColumns: list(nonEmptyStringWithoutWhitespace),
  BloomFilterFalsePositiveProbability: proportion,
  DictionaryKeyThreshold: proportion,
  FormatVersion: string({ values: ['V0_11', 'V0_12'] }),
});

export const dataFormatConversionConfiguration = structure('DataFormatConversionConfiguration', {
  SchemaConfiguration: structure('SchemaConfiguration', {
    RoleARN: nonEmptyStringWithoutWhitespace,
    CatalogId: nonEmptyStringWithoutWhitespace,
    DatabaseName: nonEmptyStringWithoutWhitespace,
    TableName: nonEmptyStringWithoutWhitespace,
    Region: nonEmptyStringWithoutWhitespace,
    VersionId: nonEmptyStringWithoutWhitespace,
  }),
  InputFormatConfiguration: structure('InputFormatConfiguration', {
    Deserializer: structure('Deserializer', {
      OpenXJsonSerDe: openXJsonSerDe,
      HiveJsonSerDe: structure('HiveJsonSerDe', { TimestampFormats: list(nonEmptyString) }),
    }),
  }),
  OutputFormatConfiguration: structure('OutputFormatConfiguration', {
    Serializer: structure('Serializer', { ParquetSerDe: parquetSerDe, OrcSerDe: orcSerDe }),
  }),
  Enabled: boolean(),
});
