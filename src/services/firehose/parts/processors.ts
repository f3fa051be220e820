import type { TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { processingConfiguration } from '../shapes/processing-shapes.ts';
import { keysOfQuery } from './metadata-query.ts';
import { queryKeysIn } from './prefixes.ts';

export type Processing = TypeOf<typeof processingConfiguration>;
type Processor = NonNullable<Processing['Processors']>[number];
type ProcessorType = Processor['Type'];
type ParameterName = NonNullable<Processor['Parameters']>[number]['ParameterName'];

/** The processors of a configuration that is on; none where it is off. */
function processorsOf(processing: Processing | undefined): readonly Processor[] {
  return processing?.Enabled === true ? (processing.Processors ?? []) : [];
}

export function processorOf(processing: Processing | undefined, type: ProcessorType): Processor | undefined {
  return processorsOf(processing).find(({ Type }) => Type === type);
}

export function parameterOf(processor: Processor | undefined, name: ParameterName): string | undefined {
  return processor?.Parameters?.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
}

/** The jq that a configuration has keys of partitions from, and of tables. */
export function queryIn(processing: Processing | undefined): string | undefined {
  return parameterOf(processorOf(processing, 'MetadataExtraction'), 'MetadataExtractionQuery');
}

/** What decides which processors there may be. */
export type ProcessingPlace = {
  readonly kind: 'extended-s3' | 'http' | 'iceberg';
  readonly prefix: string;
  readonly isPartitioned: boolean;
  readonly role: string | undefined;
};

/** The configuration with the defaults of its Lambda processor, as AWS describes it. The texts are AWS's. */
export function describeProcessing(
  processing: Processing | undefined,
  place: ProcessingPlace,
): Processing | undefined {
  const processors = processorsOf(processing);
  if (processing?.Enabled === true && (processors.length < 1 || processors.length > 5)) {
    throw invalidArgument(
      'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
    );
  }
  for (const { Type } of processors) {
    if (processors.filter((other) => other.Type === Type).length < 2) continue;
    throw invalidArgument(`Cannot have more than 1 ${Type} processor.`);
  }
  requireSplitting(processing, place);
  requireExtraction(processing, place);
  requireLogs(processing);
  const Processors = processing?.Processors?.map((each) =>
    each.Type === 'Lambda' && processing.Enabled === true ? describeLambda(each, place) : each,
  );
  return processing && { ...processing, ...(Processors === undefined ? {} : { Processors }) };
}

function requireSplitting(processing: Processing | undefined, place: ProcessingPlace): void {
  const processor = processorOf(processing, 'RecordDeAggregation');
  if (processor === undefined) return;
  requirePartitioned('RecordDeAggregationProcessor', place);
  const type = parameterOf(processor, 'SubRecordType');
  if (type !== 'JSON' && type !== 'DELIMITED') {
    throw invalidArgument('SubRecordType has to be one of JSON, DELIMITED');
  }
  const delimiter = parameterOf(processor, 'Delimiter');
  if (type === 'DELIMITED' && delimiter === undefined) {
    throw invalidArgument('Delimiter should be present for DELIMITED');
  }
  if (type !== 'DELIMITED' || isBase64(delimiter!)) return;
  throw invalidArgument('Delimiter has to be a base64 encoded string');
}

/** At least one byte. */
function isBase64(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text;
}

function requirePartitioned(name: string, { kind, isPartitioned }: ProcessingPlace): void {
  if (isPartitioned || kind === 'iceberg') return;
  throw invalidArgument(
    `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`,
  );
}

function requireExtraction(processing: Processing | undefined, place: ProcessingPlace): void {
  const processor = processorOf(processing, 'MetadataExtraction');
  const wanted = place.kind === 'extended-s3' ? queryKeysIn(place.prefix) : [];
  if (processor === undefined) {
    if (wanted.length === 0) return;
    throw invalidArgument(
      'MetadataExtraction processor is required for partitionKeyFromQuery in the S3 Prefix',
    );
  }
  requirePartitioned('MetadataExtractionProcessor', place);
  const query = parameterOf(processor, 'MetadataExtractionQuery');
  if (parameterOf(processor, 'JsonParsingEngine') !== 'JQ-1.6') {
    throw invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6');
  }
  if (query === undefined) throw invalidArgument('MetaDataExtraction JQ Query is required');
  const keys = keysOfQuery(query);
  if (place.kind !== 'extended-s3' || keys === undefined) return;
  if (keys.some((key) => !wanted.includes(key))) {
    throw invalidArgument(
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    );
  }
  const missing = wanted.find((key) => !keys.includes(key));
  if (missing === undefined) return;
  throw invalidArgument(`MetaDataExtraction JQ Query has no key ${missing} of the S3 Prefix expression`);
}

function requireLogs(processing: Processing | undefined): void {
  const decompression = processorOf(processing, 'Decompression');
  const format = parameterOf(decompression, 'CompressionFormat') ?? 'GZIP';
  if (format !== 'GZIP') throw invalidArgument('CompressionFormat of Decompression has to be GZIP');
  const logs = processorOf(processing, 'CloudWatchLogProcessing');
  if (logs === undefined) return;
  if (decompression === undefined) {
    throw invalidArgument('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor');
  }
  if (/^(true|false)$/i.test(parameterOf(logs, 'DataMessageExtraction') ?? '')) return;
  throw invalidArgument(
    'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
  );
}

function describeLambda(processor: Processor, { role }: ProcessingPlace): Processor {
  const given = (name: ParameterName) => parameterOf(processor, name);
  if (given('LambdaArn') === undefined) {
    throw invalidArgument('LambdaArn is required when Lambda processor is used.');
  }
  if ((given('BufferSizeInMBs') === undefined) !== (given('BufferIntervalInSeconds') === undefined)) {
    throw invalidArgument(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    );
  }
  if (!isWithin(given('NumberOfRetries'), 0, 300)) {
    throw invalidArgument('Number of retries for lambda must be between 0 and 300.');
  }
  if (!isWithin(given('BufferSizeInMBs'), 0.2, 3)) {
    throw invalidArgument('BufferSizeInMBs for lambda processor must be between 0.2 and 3.');
  }
  if (!isWithin(given('BufferIntervalInSeconds'), 0, 900)) {
    throw invalidArgument('BufferIntervalInSeconds for lambda processor must be between 0 and 900.');
  }
  const missing = lambdaDefaults(role).filter(({ ParameterName }) => given(ParameterName) === undefined);
  return { ...processor, Parameters: [...(processor.Parameters ?? []), ...missing] };
}

function isWithin(text: string | undefined, min: number, max: number): boolean {
  return text === undefined || (Number(text) >= min && Number(text) <= max);
}

/** As AWS describes them (Terraform's provider for AWS, which leaves them out of what it compares). */
function lambdaDefaults(role: string | undefined): NonNullable<Processor['Parameters']> {
  return [
    { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
    ...(role === undefined ? [] : [{ ParameterName: 'RoleArn' as const, ParameterValue: role }]),
    { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
    { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
  ];
}
