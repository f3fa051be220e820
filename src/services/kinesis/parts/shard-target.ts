import { type CatalogState, findStream } from '../../../catalog/state.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { formatShardId, parseShardId } from '../../../kinesis/shard-id.ts';
import {
  findShard,
  isExpired,
  isServing,
  type Shard,
  type Stream,
  trimHorizon,
} from '../../../kinesis/stream.ts';
import { DroppedError } from '../../../log/log.ts';
import { keyRefusal } from '../../../stream/errors.ts';
import { invalidArgument, invalidRequest, resourceNotFound } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';
import { requireActive, requireStreamAt } from './target.ts';

/** The index in a shard id. An id that AWS cannot read is not found, before the stream is looked up. */
export function requireShardIndex(id: string, address: StreamAddress): number {
  const index = parseShardId(id);
  if (index === undefined) throw shardNotFound(id, address);
  return index;
}

/** The index after which a page begins. The shard named need not exist. */
export function startAfter(id: string | undefined, address: StreamAddress): number {
  return id === undefined ? -1 : requireShardIndex(id, address);
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

/** The stream, if its shards can be changed by a request: it has to be provisioned, and ACTIVE. */
export function requireReshardable(state: CatalogState, address: StreamAddress): Stream {
  const stream = requireStreamAt(state, address);
  const { name, account, mode } = stream;
  if (mode !== 'PROVISIONED') {
    throw invalidRequest(`Request is invalid. Stream ${name} under account ${account} is in On-Demand mode.`);
  }
  requireActive(stream);
  return stream;
}

/** A shard to read. Readers get one answer for a shard and for a stream that are missing, expired or new. */
export function requireReadableShard(
  { catalog, clock }: KinesisWorld,
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
 * Reads a shard. When its stream is deleted meanwhile, the shard is missing, as it is from then on; a key
 * that is not to be had is refused in KMS's words.
 */
export async function whileThere<Result>(
  address: StreamAddress,
  index: number,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof DroppedError ? shardMissing(index, address) : keyRefusal(error);
  }
}

/** When an operation on shards does not find one. Readers say it otherwise, see `shardMissing`. */
function shardNotFound(id: string, { name, account }: StreamAddress) {
  return resourceNotFound(`Could not find shard ${id} in stream ${name} under account ${account}.`);
}

/** When a reader does not find a shard, or its stream. */
export function shardMissing(index: number, { name, account }: StreamAddress) {
  return resourceNotFound(
    `Shard ${formatShardId(index)} in stream ${name} under account ${account} does not exist`,
  );
}
