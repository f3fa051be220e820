import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import { type Consumer, childrenOf, type Stream } from '../../../kinesis/stream.ts';
import { endable } from '../../../stream/endable.ts';
import type { EncodePage } from '../../../stream/fan-out.ts';
import { type EventEncoder, subscription } from '../../../stream/subscription.ts';
import { encodeEvent, encodeException } from '../../../wire/event-stream.ts';
import { json } from '../../../wire/json/json.ts';
import {
  boolean,
  eventStream,
  list,
  type OutputOf,
  required,
  structure,
  timestamp,
} from '../../../wire/shape.ts';
import { dryRun, kinesisError } from '../errors.ts';
import { operation } from '../operation.ts';
import { requireConsumer } from '../parts/consumer-target.ts';
import type { EncodedBatches } from '../parts/encoded-batches.ts';
import { resolvePosition } from '../parts/position.ts';
import { onConsumer } from '../parts/prepare.ts';
import {
  childShard,
  consumerArn,
  millisBehindLatest,
  record,
  sequenceNumber,
  shardId,
  shardIteratorType,
} from '../parts/shapes.ts';
import { requireReadableShard, requireShardIndex, whileThere } from '../parts/shard-target.ts';
import { viewChild } from '../parts/shard-view.ts';
import type { KinesisWorld } from '../world.ts';

const event = structure('SubscribeToShardEvent', {
  Records: required(list(record)),
  /** Absent at the end of a shard, and only there. */
  ContinuationSequenceNumber: sequenceNumber,
  MillisBehindLatest: required(millisBehindLatest),
  ChildShards: list(childShard),
});

export const subscribeToShard = operation({
  name: 'SubscribeToShard',
  summary:
    'Sends the records of a shard to a registered consumer as they become durable, for up to five minutes.',
  runs: 'here',
  audit: 'data',
  input: structure('SubscribeToShardInput', {
    ConsumerARN: required(consumerArn),
    ShardId: required(shardId),
    StartingPosition: required(
      structure('StartingPosition', {
        Type: required(shardIteratorType),
        SequenceNumber: sequenceNumber,
        Timestamp: timestamp(),
      }),
    ),
    DryRun: boolean(),
  }),
  output: eventStream('SubscribeToShardOutput', event),
  prepare: (world, request, caller) =>
    onConsumer(world.catalog.state, { ConsumerARN: request.ConsumerARN }, caller, async () => {
      const { ConsumerARN, StartingPosition: start } = request;
      const { stream, consumer } = requireConsumer(world.catalog.state, { ConsumerARN }, caller);
      requireActiveConsumer(stream, consumer);
      const index = requireShardIndex(request.ShardId, stream);
      const { shard } = requireReadableShard(world, stream, index);
      const position = {
        operation: 'SubscribeToShard',
        type: start.Type,
        sequenceNumber: start.SequenceNumber,
        timestamp: start.Timestamp,
      } as const;
      const from = await whileThere(stream, index, () =>
        resolvePosition(world.log, stream, shard, position, world.clock.now()),
      );
      if (request.DryRun) throw dryRun();
      const named = `${stream.account}:${stream.name}:${formatShardId(index)}:${consumer.name}`;
      const begin = () => world.subscriptions.begin(identityOf(stream, consumer, index), named);
      const end = await counted(world, stream, consumer, begin);
      const requireKeys = (keyArns: readonly string[]) => world.keyUse.requireToRead(caller, stream, keyArns);
      const subject = { stream, shard, consumer: consumer.name, from, requireKeys };
      return endable(subscription(world, subject, wording, end.signal), end);
    }),
});

/** Counts a subscription, and one that may not begin as well. */
async function counted(
  { calls }: Pick<KinesisWorld, 'calls'>,
  stream: Stream,
  { name }: Consumer,
  begin: () => AbortController | Promise<AbortController>,
): Promise<AbortController> {
  try {
    const end = await begin();
    calls?.didSubscribe(stream, name, false);
    return end;
  } catch (error) {
    calls?.didSubscribe(stream, name, true);
    throw error;
  }
}

/**
 * What subscriptions are told apart by. No text of the request is in it: a consumer can be named in several
 * ways.
 */
function identityOf({ id }: Stream, { name, createdAt }: Consumer, shard: number): string {
  return `${id}/${name}/${createdAt}/${shard}`;
}

function requireActiveConsumer(
  { name: stream, account }: Stream,
  { name, createdAt, status }: Consumer,
): void {
  if (status === 'ACTIVE') return;
  throw kinesisError(
    'ResourceInUseException',
    `Consumer ${name} with creation timestamp ${Math.floor(createdAt / 1000)} under stream: ${stream} , ` +
      `account ${account} is not in ACTIVE status.`,
  );
}

/** Encodes the records of a page, or the end of a shard, as one event. */
export function encodePageWith(encoded: EncodedBatches): EncodePage {
  return (stream, shard, { batches, next, behind, finished }) =>
    encode({
      Records: encoded.list(stream, shard, batches),
      ContinuationSequenceNumber: finished
        ? undefined
        : sequenceNumberOf(shard, next - 1, batches.at(-1)?.arrival ?? shard.createdAt),
      MillisBehindLatest: behind,
      ChildShards: finished ? childrenOf(stream, shard).map(viewChild) : undefined,
    });
}

const wording: EventEncoder = {
  begin: () => encodeEvent('initial-response', Buffer.from('{}')),
  // The number before the next record's, as if it came now: it never falls behind what is retained.
  idle: (shard, at, now) =>
    encode({
      Records: [],
      ContinuationSequenceNumber: sequenceNumberOf(shard, at - 1, now),
      MillisBehindLatest: 0,
    }),
  failure: ({ type, message }) => encodeException(type, message),
};

function encode(value: OutputOf<typeof event>): Buffer {
  return encodeEvent('SubscribeToShardEvent', ...json.encodePieces(value, event));
}
