import { boolean, list, required, string, structure } from '../../../wire/shape.ts';

const parameter = structure('ProcessorParameter', {
  ParameterName: required(
    string({
      values: [
        ...(['LambdaArn', 'NumberOfRetries', 'MetadataExtractionQuery', 'JsonParsingEngine'] as const),
        ...(['RoleArn', 'BufferSizeInMBs', 'BufferIntervalInSeconds', 'SubRecordType', 'Delimiter'] as const),
        ...(['CompressionFormat', 'DataMessageExtraction'] as const),
      ],
    }),
  ),
  // AWS's pattern looks ahead for a character that is not white space, and says the same.
  ParameterValue: required(string({ min: 1, max: 5120, pattern: '.*\\S.*' })),
});

const processor = structure('Processor', {
  Type: required(
    string({
      values: [
        ...(['RecordDeAggregation', 'Decompression', 'CloudWatchLogProcessing', 'Lambda'] as const),
        ...(['MetadataExtraction', 'AppendDelimiterToRecord'] as const),
      ],
    }),
  ),
  Parameters: list(parameter),
});

export const processingConfiguration = structure('ProcessingConfiguration', {
  Enabled: boolean(),
  Processors: list(processor),
});
