import type { StreamAddress } from '../../../kinesis/arn.ts';
import { formatShardId, parseShardId } from '../../../kinesis/shard-id.ts';
import { findShard, type Shard, type Stream } from '../../../kinesis/stream.ts';
import { invalidArgument, kinesisError } from '../errors.ts';

/** The index in a shard id. An id that AWS cannot read is not found, before the stream is looked up. */
export function requireShardIndex(id: string, address: StreamAddress): number {
  const index = parseShardId(id);
  if (index === undefined) throw shardNotFound(id, address);
  return index;
}

/** The shard, if it can be split or merged. */
export function requireOpenShard(stream: Stream, index: number): Shard {
  const shard = findShard(stream, index);
  if (shard === undefined) throw shardNotFound(formatShardId(index), stream);
  if (shard.closed === undefined) return shard;
  throw invalidArgument(
    `Shard ${formatShardId(index)} in stream ${stream.name} under account ${stream.account} has already ` +
      'been merged or split, and thus is not eligible for merging or splitting.',
  );
}

/** Resharding by hand is for provisioned streams. */
export function requireProvisioned(stream: Stream): void {
  if (stream.mode === 'PROVISIONED') return;
  throw kinesisError(
    'ValidationException',
    `Request is invalid. Stream ${stream.name} under account ${stream.account} is in On-Demand mode.`,
  );
}

/** When an operation on shards does not find one. Readers say it otherwise, see `shardMissing`. */
export function shardNotFound(id: string, { name, account }: Pick<StreamAddress, 'name' | 'account'>) {
  return kinesisError(
    'ResourceNotFoundException',
    `Could not find shard ${id} in stream ${name} under account ${account}.`,
  );
}

/** When a reader does not find a shard, or its stream. */
export function shardMissing(index: number, { name, account }: Pick<StreamAddress, 'name' | 'account'>) {
  return kinesisError(
    'ResourceNotFoundException',
    `Shard ${formatShardId(index)} in stream ${name} under account ${account} does not exist`,
  );
}
