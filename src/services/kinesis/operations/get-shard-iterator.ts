import { findStream } from '../../../catalog/state.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import {
  findShard,
  isExpired,
  isServing,
  type Shard,
  type Stream,
  trimHorizon,
} from '../../../kinesis/stream.ts';
import { DroppedError } from '../../../log/log.ts';
import { dryRun, operation } from '../../../rpc/operation.ts';
import { boolean, required, structure, timestamp } from '../../../wire/shape.ts';
import { sealIterator } from '../parts/iterator.ts';
import { resolvePosition } from '../parts/position.ts';
import { readRateExceeded } from '../parts/put-entry.ts';
import { sequenceNumber, shardId, shardIterator, shardIteratorType, target } from '../parts/shapes.ts';
import { requireShardIndex, shardMissing } from '../parts/shard-target.ts';
import { addressOf } from '../parts/target.ts';
import type { Service } from '../service.ts';

export const getShardIterator = operation({
  name: 'GetShardIterator',
  summary: 'Answers where to begin to read a shard, as an iterator that is good for five minutes.',
  input: structure('GetShardIteratorInput', {
    ...target,
    ShardId: required(shardId),
    ShardIteratorType: required(shardIteratorType),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: timestamp(),
    DryRun: boolean(),
  }),
  output: structure('GetShardIteratorOutput', { ShardIterator: shardIterator }),
  async handle(service, request, caller) {
    const address = addressOf(request, caller);
    const index = requireShardIndex(request.ShardId, address);
    const { stream, shard } = requireReadableShard(service, address, index);
    const now = service.clock.now();
    const key = { stream: stream.id, shard: index };
    if (!service.throttle.mayIterate(key)) throw readRateExceeded(index, stream);
    const { ShardIteratorType: type, StartingSequenceNumber, Timestamp } = request;
    const position = {
      operation: 'GetShardIterator',
      type,
      sequenceNumber: StartingSequenceNumber,
      timestamp: Timestamp,
    } as const;
    const offset = await whileThere(stream, index, () =>
      resolvePosition(service.log, stream, shard, position, now),
    );
    if (request.DryRun) throw dryRun();
    return { ShardIterator: sealIterator(service.tokens, stream, shard, offset, now) };
  },
});

/**
 * To a reader a shard is missing in one way only, also when its stream is missing or not there yet, or it
 * expired.
 */
export function requireReadableShard(
  { catalog, clock }: Service,
  address: StreamAddress,
  index: number,
): { stream: Stream; shard: Shard } {
  const stream = findStream(catalog.state, address);
  const shard = stream !== undefined && isServing(stream) ? findShard(stream, index) : undefined;
  if (stream === undefined || shard === undefined || isExpired(shard, trimHorizon(stream, clock.now()))) {
    throw shardMissing(index, address);
  }
  return { stream, shard };
}

/**
 * What is read of a shard. When its stream is deleted meanwhile, the shard is missing, as it is from then on.
 */
export async function whileThere<Result>(
  address: StreamAddress,
  index: number,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof DroppedError ? shardMissing(index, address) : error;
  }
}
