import { strict as assert } from 'node:assert';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { parseSequenceNumber, sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { Appended } from '../../../log/log.ts';
import type { FastPath } from '../../../rpc/operation.ts';
import { rateExceeded } from '../../../stream/errors.ts';
import { putRecords, servingStream } from '../../../stream/put.ts';
import type { RoutedPut } from '../../../stream/routed-put.ts';
import type { Codec } from '../../../wire/codec.ts';
import { scanPutRecord } from '../../../wire/fast-put.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { boolean, required, structure } from '../../../wire/shape.ts';
import { dryRun, invalidArgument, kinesisError } from '../errors.ts';
import { operation } from '../operation.ts';
import { fastStream, packFast } from '../parts/plain-request.ts';
import { onStream } from '../parts/prepare.ts';
import { type PlaceTemplate, placeBytes, placeTemplate } from '../parts/put-answer.ts';
import { packEntries, requireEntry } from '../parts/put-entry.ts';
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

const output = structure('PutRecordOutput', {
  ShardId: required(shardId),
  SequenceNumber: required(sequenceNumber),
  EncryptionType: encryptionType,
});

export const putRecord = operation({
  name: 'PutRecord',
  summary: 'Stores a record; the answer comes when it is durable.',
  runs: 'here',
  input: structure('PutRecordInput', {
    ...target,
    Data: required(recordData),
    PartitionKey: partitionKey,
    ExplicitHashKey: hashKey,
    SequenceNumberForOrdering: sequenceNumber,
    DryRun: boolean(),
  }),
  output,
  prepare: (service, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = servingStream(service.catalog, address);
      requireEntry(stream, request);
      const put = packEntries(stream, [request]);
      const { SequenceNumberForOrdering: ordering } = request;
      if (!isIssued(ordering, stream, service.clock.now())) throw invalidOrdering(ordering!, stream);
      if (request.DryRun) throw dryRun();
      await putRecords(service, stream, put);
      const { shard, first, arrival } = placeOf(put, stream);
      return {
        ShardId: formatShardId(shard.index),
        SequenceNumber: sequenceNumberOf(shard, first, arrival),
      };
    }),
  fastPath: fastPaths(wayOf),
});

function wayOf(codec: Codec): FastPath<KinesisWorld> {
  const template = placeTemplate((place) => codec.encode(place, output));
  return (service, body, caller) => {
    const request = scanPutRecord(codec.fastReader(body));
    const stream = request && fastStream(service, request, caller);
    if (stream === undefined) return undefined;
    const { SequenceNumberForOrdering: ordering, records } = request!;
    if (ordering !== undefined && !sequenceNumber.pattern!.matches(ordering)) return undefined;
    if (!isIssued(ordering, stream, service.clock.now())) return undefined;
    const put = packFast(stream, records);
    if (put === undefined) return undefined;
    return {
      resource: formatStreamArn(stream),
      run: () => answerDirectly(service, stream, put, template),
    };
  };
}

async function answerDirectly(
  service: KinesisWorld,
  stream: Stream,
  put: RoutedPut,
  template: PlaceTemplate,
): Promise<Buffer> {
  await putRecords(service, stream, put);
  const place = placeOf(put, stream);
  return placeBytes(template, place.shard, place);
}

/** Where the one record is. */
function placeOf(put: RoutedPut, address: StreamAddress): { shard: Shard } & Appended {
  const { shard, outcome } = put.parts[put.partOf[0]!]!;
  if (outcome.kind === 'stored') return { shard, first: outcome.first, arrival: outcome.arrival };
  if (outcome.kind === 'failed') throw outcome.cause;
  assert(outcome.kind === 'throttled');
  const message = rateExceeded(formatShardId(shard.index), address);
  throw kinesisError('ProvisionedThroughputExceededException', message);
}

/**
 * Every number that a shard of this stream issued is below the ones it is going to issue, so there is nothing
 * to do but to refuse numbers that nobody can have been given: from the future, or not a number of version 2.
 */
function isIssued(number: string | undefined, stream: Stream, now: number): boolean {
  if (number === undefined) return true;
  const parsed = parseSequenceNumber(number);
  if (parsed === undefined || parsed.version === 0) return false;
  const arrival = parsed.arrivalSecond * 1000;
  return arrival <= now || stream.shards.some(({ createdAt }) => arrival <= createdAt);
}

function invalidOrdering(number: string, { name, account }: StreamAddress): ServiceError {
  return invalidArgument(
    `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${name} under account ${account} is invalid.`,
  );
}
