import type { StreamAddress } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import { parseSequenceNumber } from '../kinesis/sequence-number.ts';
import type { Stream } from '../kinesis/stream.ts';
import { putRecords, servingStream } from '../stream/put.ts';
import { boolean, required, structure } from '../wire/shape.ts';
import { dryRun, operation } from './operation.ts';
import { putOf, rateExceeded, requireEntry } from './put-entry.ts';
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

export const putRecord = operation({
  name: 'PutRecord',
  summary: 'Stores a record; the answer comes when it is durable.',
  input: structure('PutRecordInput', {
    ...target,
    Data: required(recordData),
    PartitionKey: partitionKey,
    ExplicitHashKey: hashKey,
    SequenceNumberForOrdering: sequenceNumber,
    DryRun: boolean(),
  }),
  output: structure('PutRecordOutput', {
    ShardId: required(shardId),
    SequenceNumber: required(sequenceNumber),
    EncryptionType: encryptionType,
  }),
  async handle(service, request, caller) {
    const address = addressOf(request, caller);
    const stream = servingStream(service.catalog, address);
    requireEntry(stream, request);
    const put = putOf(stream, request);
    checkOrdering(request.SequenceNumberForOrdering, stream, service.clock.now());
    if (request.DryRun) throw dryRun();
    const [result] = await putRecords(service, address, [put]);
    if (result?.kind === 'stored') {
      return { ShardId: result.shardId, SequenceNumber: result.sequenceNumber };
    }
    if (result?.kind === 'throttled') {
      const message = rateExceeded(result.shardId, address);
      throw new KinesisError('ProvisionedThroughputExceededException', message);
    }
    throw result?.cause;
  },
});

/**
 * Every number that a shard of this stream issued is below the ones it is going to issue, so there is nothing
 * to do but to refuse numbers that nobody can have been given: from the future, or not a number of version 2.
 */
function checkOrdering(number: string | undefined, stream: Stream, now: number): void {
  if (number === undefined) return;
  const parsed = parseSequenceNumber(number);
  const newest = Math.max(now, ...stream.shards.map((shard) => shard.createdAt));
  if (parsed !== undefined && parsed.version !== 0 && parsed.arrivalSecond * 1000 <= newest) return;
  throw invalidOrdering(number, stream);
}

function invalidOrdering(number: string, { name, account }: StreamAddress): KinesisError {
  return new KinesisError(
    'InvalidArgumentException',
    `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${name} under account ${account} is invalid.`,
  );
}
