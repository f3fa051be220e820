import type { Caller } from '../../../access/caller.ts';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { FastPath } from '../../../rpc/operation.ts';
import { troubleOf } from '../../../rpc/trouble.ts';
import { rateExceeded } from '../../../stream/errors.ts';
import { servingStream } from '../../../stream/put.ts';
import type { RoutedPut, ShardWrite } from '../../../stream/routed-put.ts';
import type { Codec } from '../../../wire/codec.ts';
import { boolean, integer, list, type OutputOf, required, string, structure } from '../../../wire/shape.ts';
import type { Writer } from '../../../wire/writer.ts';
import { dryRun, invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { type FastPut, routeFast } from '../parts/fast-put.ts';
import { onStream } from '../parts/prepare.ts';
import { type PutEntry, packEntries, requireEntry } from '../parts/put-entry.ts';
import { RepeatedItem } from '../parts/repeated-item.ts';
import {
  encryptionType,
  hashKey,
  partitionKey,
  recordData,
  sequenceNumber,
  shardId,
  target,
} from '../parts/shapes.ts';
import { store } from '../parts/store.ts';
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

const input = structure('PutRecordsInput', {
  Records: required(list(requestEntry, { min: 1, max: limits.putRecordsMax })),
  ...target,
  DryRun: boolean(),
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
  audit: 'data',
  input,
  output,
  prepare: (world, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = servingStream(world.catalog, address);
      requireEntries(stream, request.Records);
      const put = packEntries(stream, request.Records);
      if (request.DryRun) throw dryRun();
      await store(world, { stream, put }, caller, 'PutRecords');
      return resultsOf(world, stream, put);
    }),
  fastPath: fastPaths(fastPathIn),
});

function requireEntries(stream: Stream, entries: readonly PutEntry[]): void {
  let bytes = 0;
  entries.forEach((entry, index) => {
    bytes += requireEntry(stream, entry, index);
  });
  if (bytes <= limits.putRecordsBytesMax) return;
  throw invalidArgument('Records size exceeds 10 MB limit');
}

function fastPathIn(codec: Codec): FastPath<KinesisWorld> {
  const scan = codec.scanner(input);
  return (world, body, caller) => {
    const found = scan(body);
    const routed = found && routeFast(world, found, found.items, caller);
    return (
      routed && {
        resource: formatStreamArn(routed.stream),
        facts: routed.stream,
        run: () => runFast(world, codec, routed, caller),
      }
    );
  };
}

async function runFast(world: KinesisWorld, codec: Codec, routed: FastPut, caller: Caller): Promise<Buffer> {
  await store(world, routed, caller, 'PutRecords');
  return codec.encode(resultsOf(world, routed.stream, routed.put), output);
}

function resultsOf(
  { logger, meter }: KinesisWorld,
  address: StreamAddress,
  put: RoutedPut,
): OutputOf<typeof output> {
  const throttled = put.parts.reduce(
    (sum, { outcome, count }) => sum + (outcome.kind === 'throttled' ? count : 0),
    0,
  );
  if (throttled > 0)
    meter.hitLimit(throttledError, 'kinesis:PutRecords', formatStreamArn(address), throttled);
  const failure = put.parts.map(({ outcome }) => outcome).find(({ kind }) => kind === 'failed');
  if (failure?.kind === 'failed') logger.error('records could not be stored', { error: failure.cause });
  return {
    FailedRecordCount: put.parts.reduce((sum, part) => sum + (isStored(part) ? 0 : part.count), 0),
    Records: { writeItems: (writer) => writeResults(writer, put, address) },
    EncryptionType: put.parts.some(isEncrypted) ? 'KMS' : undefined,
  };
}

const throttledError = 'ProvisionedThroughputExceededException';

function isEncrypted({ outcome }: ShardWrite): boolean {
  return outcome.kind === 'stored' && outcome.keyArn !== undefined;
}

function isStored({ outcome }: ShardWrite): boolean {
  return outcome.kind === 'stored';
}

/** Writes the results of all records. Those of a part are alike, except for their numbers. */
function writeResults(writer: Writer, { parts, partOf }: RoutedPut, address: StreamAddress): void {
  const items = writer.forItems();
  const results = parts.map((part) => resultIn(items, part, address));
  writer.sink.reserve(parts.reduce((sum, { count }, part) => sum + count * (results[part]!.length + 1), 0));
  for (let index = 0; index < partOf.length; index++) {
    writer.item();
    results[partOf[index]!]!.copyTo(writer.sink);
  }
}

function resultIn(items: Writer, { shard, outcome }: ShardWrite, address: StreamAddress): RepeatedItem {
  const result = new RepeatedItem(items);
  const shardId = formatShardId(shard.index);
  if (outcome.kind === 'stored') {
    result.begin(sequenceNumberOf(shard, outcome.first, outcome.arrival));
    items.key('ShardId');
    items.string(shardId);
  } else {
    const isThrottled = outcome.kind === 'throttled';
    result.begin();
    items.key('ErrorCode');
    items.string(isThrottled ? throttledError : 'InternalFailure');
    items.key('ErrorMessage');
    items.string(isThrottled ? rateExceeded(shardId, address) : failureText(outcome));
  }
  items.closeMap();
  result.end();
  return result;
}

function failureText(outcome: ShardWrite['outcome']): string {
  return (outcome.kind === 'failed' && troubleOf(outcome.cause)) || 'Internal Service Failure.';
}
