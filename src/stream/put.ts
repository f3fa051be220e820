import type { Catalog } from '../catalog/catalog.ts';
import { findStream } from '../catalog/state.ts';
import type { StreamAddress } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import type { HashKey } from '../kinesis/hash-key.ts';
import { encodeBatch, type NewRecord, sizeOf } from '../kinesis/record.ts';
import { numberRecords } from '../kinesis/sequence-number.ts';
import { formatShardId } from '../kinesis/shard-id.ts';
import { findShard, isServing, type Shard, type Stream } from '../kinesis/stream.ts';
import { DroppedError, type Log, SealedError } from '../log/log.ts';
import type { Load } from './load.ts';
import { routerOf } from './router.ts';
import { noThrottle, type Throttle } from './throttle.ts';

/** A record and where it belongs; without a hash key the service chooses, so that the shards share the load evenly. */
export type Put = { readonly hashKey: HashKey | undefined; readonly record: NewRecord };

/** What became of a put: its place, or why it has none. */
export type PutResult =
  | { readonly kind: 'stored'; readonly shardId: string; readonly sequenceNumber: string }
  | { readonly kind: 'throttled'; readonly shardId: string }
  | { readonly kind: 'failed'; readonly cause: unknown };

export type PutWorld = {
  readonly catalog: Catalog;
  readonly log: Log;
  readonly throttle: Throttle;
  readonly load: Load;
};

/**
 * Appends records to the shards that they belong to; resolves when each is durable or has failed, with a result
 * for each, in order. Rejects with ResourceNotFoundException when the stream is, or goes, away before any is stored.
 * A shard that closes meanwhile hands its records to its children.
 */
export async function putRecords(
  world: PutWorld,
  address: StreamAddress,
  puts: readonly Put[],
): Promise<PutResult[]> {
  const results = new Array<PutResult>(puts.length);
  let stream = servingStream(world.catalog, address);
  let parts = route(stream, puts, puts.keys());
  admit(world, stream, parts, puts, results);
  while (true) {
    const closed = await appendAll(world, stream, parts, puts, results);
    if (closed.length === 0) return results;
    // In the order of the request again: shards that were merged have the same successor.
    const rest = closed.flatMap((part) => part.indices).sort((one, other) => one - other);
    try {
      stream = await successorOf(world.catalog, stream, closed[0]!.shard);
    } catch (cause) {
      // What was stored may have been read already: only the others may be refused.
      if (!(cause instanceof KinesisError) || !results.some(({ kind }) => kind === 'stored')) throw cause;
      for (const index of rest) results[index] = { kind: 'failed', cause };
      return results;
    }
    parts = route(stream, puts, rest);
  }
}

/** The stream, if it takes and gives records. To writers, one that is not there yet or no more is not found. */
export function servingStream(catalog: Catalog, address: StreamAddress): Stream {
  const stream = findStream(catalog.state, address);
  if (stream === undefined || !isServing(stream)) throw streamNotFound(address);
  return stream;
}

export function streamNotFound({ name, account }: StreamAddress): KinesisError {
  return new KinesisError('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);
}

/** The records of one shard, as indices into the puts. */
type Part = { readonly shard: Shard; indices: number[] };

function route(stream: Stream, puts: readonly Put[], indices: Iterable<number>): Part[] {
  const router = routerOf(stream);
  const parts = new Map<Shard, Part>();
  for (const index of indices) {
    const { hashKey } = puts[index]!;
    const shard = hashKey === undefined ? router.next() : router.find(hashKey);
    const part = parts.get(shard);
    if (part === undefined) parts.set(shard, { shard, indices: [index] });
    else part.indices.push(index);
  }
  return [...parts.values()];
}

/** Takes the records that are over a shard's limits out of its part; of an on-demand stream, measures the others. */
function admit(
  { throttle, load }: PutWorld,
  stream: Stream,
  parts: readonly Part[],
  puts: readonly Put[],
  results: PutResult[],
): void {
  if (throttle === noThrottle && stream.mode !== 'ON_DEMAND') return;
  for (const part of parts) {
    const key = { stream: stream.id, shard: part.shard.index };
    const shardId = formatShardId(part.shard.index);
    const shardLoad = stream.mode === 'ON_DEMAND' ? load.of(stream, part.shard) : undefined;
    part.indices = part.indices.filter((index) => {
      const { hashKey, record } = puts[index]!;
      const bytes = sizeOf(record);
      const allowed = throttle.mayWrite(key, bytes);
      if (allowed) shardLoad?.add(hashKey, bytes);
      else results[index] = { kind: 'throttled', shardId };
      return allowed;
    });
  }
}

/** Appends every part; answers those whose shard closed before they got in. */
async function appendAll(
  world: PutWorld,
  stream: Stream,
  parts: readonly Part[],
  puts: readonly Put[],
  results: PutResult[],
): Promise<Part[]> {
  const closed: Part[] = [];
  await Promise.all(
    parts.map(async (part) => {
      if (part.indices.length === 0) return;
      const { shard, indices } = part;
      try {
        const shardLog = await world.log.open({ stream: stream.id, shard: shard.index }, 'append');
        const batch = encodeBatch(indices.map((index) => puts[index]!.record));
        const { first, arrival } = await shardLog.append(batch);
        const number = numberRecords(shard);
        const shardId = formatShardId(shard.index);
        indices.forEach((index, nth) => {
          const sequenceNumber = number(first + nth, arrival);
          results[index] = { kind: 'stored', shardId, sequenceNumber };
        });
      } catch (cause) {
        if (cause instanceof SealedError) closed.push(part);
        else if (cause instanceof DroppedError) throw streamNotFound(stream);
        // A shard that fails, fails its own records only: AWS reports errors per record.
        else for (const index of indices) results[index] = { kind: 'failed', cause };
      }
    }),
  );
  return closed;
}

/** The stream once the catalog knows that a sealed shard is closed, and who takes over. */
async function successorOf(catalog: Catalog, stream: Stream, sealed: Shard): Promise<Stream> {
  const never = new AbortController().signal;
  while (true) {
    const current = servingStream(catalog, stream);
    if (current.id !== stream.id) throw streamNotFound(stream);
    if (findShard(current, sealed.index)?.closed !== undefined) return current;
    await catalog.changed(never);
  }
}
