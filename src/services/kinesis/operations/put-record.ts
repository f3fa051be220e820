import { strict as assert } from 'node:assert';
import type { Caller } from '../../../access/caller.ts';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { parseSequenceNumber, sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { FastPath } from '../../../rpc/operation.ts';
import { rateExceeded } from '../../../stream/errors.ts';
import { servingStream } from '../../../stream/put.ts';
import type { RoutedPut } from '../../../stream/routed-put.ts';
import type { Codec } from '../../../wire/codec.ts';
import { textOf } from '../../../wire/columns.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { boolean, type OutputOf, required, structure } from '../../../wire/shape.ts';
import { dryRun, invalidArgument, kinesisError } from '../errors.ts';
import { operation } from '../operation.ts';
import { type FastPut, routeFast } from '../parts/fast-put.ts';
import { onStream } from '../parts/prepare.ts';
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
import { store } from '../parts/store.ts';
import { fastPaths } from '../protocols.ts';
import type { KinesisWorld } from '../world.ts';

const input = structure('PutRecordInput', {
  ...target,
  Data: required(recordData),
  PartitionKey: partitionKey,
  ExplicitHashKey: hashKey,
  SequenceNumberForOrdering: sequenceNumber,
  DryRun: boolean(),
});

const output = structure('PutRecordOutput', {
  ShardId: required(shardId),
  SequenceNumber: required(sequenceNumber),
  EncryptionType: encryptionType,
});

export const putRecord = operation({
  name: 'PutRecord',
  summary: 'Stores a record; the answer comes when it is durable.',
  runs: 'here',
  audit: 'data',
  input,
  output,
  prepare: (world, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = servingStream(world.catalog, address);
      requireEntry(stream, request);
      const put = packEntries(stream, [request]);
      const { SequenceNumberForOrdering: ordering, DryRun } = request;
      await storeOne(world, { stream, put, ordering }, caller, DryRun);
      return placeOf(put, stream);
    }),
  fastPath: fastPaths(fastPathIn),
});

function fastPathIn(codec: Codec): FastPath<KinesisWorld> {
  const scan = codec.scanner(input);
  return (world, body, caller) => {
    const found = scan(body);
    const routed = found && routeFast(world, found, found.own, caller);
    if (routed === undefined) return undefined;
    const { stream, put } = routed;
    const ready = { stream, put, ordering: textOf(found!, 'SequenceNumberForOrdering') };
    return {
      resource: formatStreamArn(stream),
      facts: stream,
      run: () => runFast(world, codec, ready, caller),
    };
  };
}

/** A record ready to be stored, and the sequence number that it must follow. */
type ReadyPut = FastPut & { readonly ordering: string | undefined };

async function runFast(
  world: KinesisWorld,
  codec: Codec,
  prepared: ReadyPut,
  caller: Caller,
): Promise<Buffer> {
  await storeOne(world, prepared, caller);
  return codec.encode(placeOf(prepared.put, prepared.stream), output);
}

/** Stores the record, unless the number to follow cannot exist or this is a dry run. */
function storeOne(world: KinesisWorld, ready: ReadyPut, caller: Caller, isDryRun = false): Promise<void> {
  const { stream, ordering } = ready;
  if (!isIssued(ordering, stream, world.clock.now())) throw invalidOrdering(ordering!, stream);
  if (isDryRun) throw dryRun();
  return store(world, ready, caller, 'PutRecord');
}

/** Where the one record is. */
function placeOf(put: RoutedPut, address: StreamAddress): OutputOf<typeof output> {
  const { shard, outcome } = put.parts[put.partOf[0]!]!;
  const shardId = formatShardId(shard.index);
  if (outcome.kind === 'stored') {
    const { first, arrival, keyArn } = outcome;
    const placed = { ShardId: shardId, SequenceNumber: sequenceNumberOf(shard, first, arrival) };
    return keyArn === undefined ? placed : { ...placed, EncryptionType: 'KMS' };
  }
  if (outcome.kind === 'failed') throw outcome.cause;
  assert(outcome.kind === 'throttled');
  throw kinesisError('ProvisionedThroughputExceededException', rateExceeded(shardId, address));
}

/**
 * Whether a shard of the stream can have issued the number. Every issued number is below all later ones, so
 * an order is always kept; only numbers from the future or of another version are refused.
 */
export function isIssued(number: string | undefined, stream: Stream, now: number): boolean {
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
