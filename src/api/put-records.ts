import type { StreamAddress } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import { limits } from '../kinesis/limits.ts';
import type { Stream } from '../kinesis/stream.ts';
import { type PutResult, putRecords as putAll, servingStream } from '../stream/put.ts';
import { boolean, integer, list, type OutputOf, required, string, structure } from '../wire/shape.ts';
import { dryRun, operation } from './operation.ts';
import { type PutEntry, putOf, rateExceeded, requireEntry } from './put-entry.ts';
import {
  encryptionType,
  hashKey,
  partitionKey,
  recordData,
  sequenceNumber,
  shardId,
  target,
} from './shapes.ts';
import { addressOf } from './target.ts';

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

export const putRecords = operation({
  name: 'PutRecords',
  summary:
    'Stores up to 500 records; each succeeds or fails by itself, and the answer comes when all are durable.',
  input: structure('PutRecordsInput', {
    Records: required(list(requestEntry, { min: 1, max: limits.putRecordsMax })),
    ...target,
    DryRun: boolean(),
  }),
  output: structure('PutRecordsOutput', {
    FailedRecordCount: integer({ min: 1, max: 100_000 }),
    Records: required(list(resultEntry, { min: 1, max: limits.putRecordsMax })),
    EncryptionType: encryptionType,
  }),
  async handle(service, request, caller) {
    const address = addressOf(request, caller);
    const stream = servingStream(service.catalog, address);
    requireEntries(stream, request.Records);
    const puts = request.Records.map((entry) => putOf(stream, entry));
    if (request.DryRun) throw dryRun();
    const results = await putAll(service, address, puts);
    const failure = results.find((result) => result.kind === 'failed');
    if (failure !== undefined) service.logger.error('records could not be stored', { error: failure.cause });
    return {
      FailedRecordCount: results.filter(({ kind }) => kind !== 'stored').length,
      Records: results.map((result) => viewResult(result, address)),
    };
  },
});

function requireEntries(stream: Stream, entries: readonly PutEntry[]): void {
  let bytes = 0;
  entries.forEach((entry, index) => {
    bytes += requireEntry(stream, entry, index);
  });
  if (bytes <= limits.putRecordsBytesMax) return;
  throw new KinesisError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
}

function viewResult(result: PutResult, address: StreamAddress): OutputOf<typeof resultEntry> {
  switch (result.kind) {
    case 'stored':
      return { SequenceNumber: result.sequenceNumber, ShardId: result.shardId };
    case 'throttled':
      return {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: rateExceeded(result.shardId, address),
      };
    case 'failed':
      return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure.' };
  }
}
