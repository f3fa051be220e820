import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { advanceNumber, sequenceNumberDigits, sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { FastPath } from '../../../rpc/operation.ts';
import { troubleOf } from '../../../rpc/trouble.ts';
import { rateExceeded } from '../../../stream/errors.ts';
import { putRecords as putAll, servingStream } from '../../../stream/put.ts';
import type { RoutedPut, ShardWrite } from '../../../stream/routed-put.ts';
import type { Codec } from '../../../wire/codec.ts';
import { scanPutRecords } from '../../../wire/fast-put.ts';
import { boolean, integer, list, type OutputOf, required, string, structure } from '../../../wire/shape.ts';
import { dryRun, invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { fastStream, packFast } from '../parts/plain-request.ts';
import { onStream } from '../parts/prepare.ts';
import { type PlacesTemplate, placesTemplate, storedAnswer } from '../parts/put-answer.ts';
import { type PutEntry, packEntries, requireEntry } from '../parts/put-entry.ts';
import {
  encryptionType,
  hashKey,
  partitionKey,
  recordData,
  sequenceNumber,
  shardId,
  target,
} from '../parts/shapes.ts';
import { fastPaths } from '../protocols.ts';
import type { KinesisWorld } from '../world.ts';

const requestEntry = structure('PutRecordsRequestEntry', {
  Data: required(recordData),
  ExplicitHashKey: hashKey,
  PartitionKey: partitionKey,
});

const resultEntry = structure('PutRecordsResultEntry', {
  SequenceNumber: sequenceNumber,
  ShardId: shardId,
  ErrorCode: string(),
  ErrorMessage: string(),
});

const output = structure('PutRecordsOutput', {
  FailedRecordCount: integer({ min: 1, max: 100_000 }),
  Records: required(list(resultEntry, { min: 1, max: limits.putRecordsMax })),
  EncryptionType: encryptionType,
});

export const putRecords = operation({
  name: 'PutRecords',
  summary:
    'Stores up to 500 records; each succeeds or fails by itself, and the answer comes when all are durable.',
  runs: 'here',
  input: structure('PutRecordsInput', {
    Records: required(list(requestEntry, { min: 1, max: limits.putRecordsMax })),
    ...target,
    DryRun: boolean(),
  }),
  output,
  prepare: (service, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = servingStream(service.catalog, address);
      requireEntries(stream, request.Records);
      const put = packEntries(stream, request.Records);
      if (request.DryRun) throw dryRun();
      await putAll(service, stream, put);
      return viewResults(service, stream, put);
    }),
  fastPath: fastPaths(wayOf),
});

function requireEntries(stream: Stream, entries: readonly PutEntry[]): void {
  let bytes = 0;
  entries.forEach((entry, index) => {
    bytes += requireEntry(stream, entry, index);
  });
  if (bytes <= limits.putRecordsBytesMax) return;
  throw invalidArgument('Records size exceeds 10 MB limit');
}

function wayOf(codec: Codec): FastPath<KinesisWorld> {
  const template = placesTemplate((Records) => codec.encode({ FailedRecordCount: 0, Records }, output));
  return (service, body, caller) => {
    const request = scanPutRecords(codec.fastReader(body));
    const stream = request && fastStream(service, request, caller);
    const put = stream && packFast(stream, request!.records);
    if (put === undefined) return undefined;
    return {
      resource: formatStreamArn(stream!),
      run: () => answerDirectly(service, stream!, put, codec, template),
    };
  };
}

async function answerDirectly(
  service: KinesisWorld,
  stream: Stream,
  put: RoutedPut,
  codec: Codec,
  template: PlacesTemplate,
): Promise<Buffer> {
  await putAll(service, stream, put);
  return storedAnswer(put, template) ?? codec.encode(viewResults(service, stream, put), output);
}

function viewResults(
  { logger }: KinesisWorld,
  address: StreamAddress,
  put: RoutedPut,
): OutputOf<typeof output> {
  const views = put.parts.map((part) => resultsOf(part, address));
  const entries = Array.from({ length: put.records.count }, (_, index) => views[put.partOf[index]!]!());
  const failure = put.parts.map(({ outcome }) => outcome).find(({ kind }) => kind === 'failed');
  if (failure?.kind === 'failed') logger.error('records could not be stored', { error: failure.cause });
  return {
    FailedRecordCount: entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
    Records: entries,
  };
}

function failureText(fate: ShardWrite['outcome']): string {
  return (fate.kind === 'failed' && troubleOf(fate.cause)) || 'Internal Service Failure.';
}

/** The results of a part's records, one with each call. */
function resultsOf(
  { shard, outcome }: ShardWrite,
  address: StreamAddress,
): () => OutputOf<typeof resultEntry> {
  const shardId = formatShardId(shard.index);
  if (outcome.kind === 'stored') {
    const digits = Buffer.from(sequenceNumberOf(shard, outcome.first, outcome.arrival), 'latin1');
    return () => {
      const view = { SequenceNumber: digits.toString('latin1'), ShardId: shardId };
      advanceNumber(digits, sequenceNumberDigits);
      return view;
    };
  }
  const error =
    outcome.kind === 'throttled'
      ? {
          ErrorCode: 'ProvisionedThroughputExceededException',
          ErrorMessage: rateExceeded(shardId, address),
        }
      : { ErrorCode: 'InternalFailure', ErrorMessage: failureText(outcome) };
  return () => error;
}
