import type { Catalog } from '../catalog/catalog.ts';
import { findStream } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { StreamAddress } from '../kinesis/arn.ts';
import { hashKeyNumber, hashKeyWords } from '../kinesis/hash-key.ts';
import { findShard, isServing, type Shard, type Stream } from '../kinesis/stream.ts';
import {
  DroppedError,
  KeyError,
  OverloadedError,
  type Records,
  SealedError,
  ThrottledError,
  UnavailableError,
} from '../log/log.ts';
import { ServiceError } from '../wire/service-error.ts';
import { keyRefusal, streamNotFound } from './errors.ts';
import type { Load } from './load.ts';
import type { Meter } from './meter/meter.ts';
import type { CallStatistics } from './metrics/call-statistics.ts';
import type { RoutedPut, ShardWrite } from './routed-put.ts';
import type { Throttle } from './throttle.ts';

export type PutWorld = {
  readonly catalog: Catalog;
  readonly log: Records;
  readonly throttle: Throttle;
  readonly load: Load;
  readonly meter: Meter;
  /** Absent where calls are not published. */
  readonly calls?: CallStatistics | undefined;
  readonly clock: Clock;
};

/**
 * Appends records to their shards; resolves when each is durable or has failed, as the parts then say.
 * Rejects with ResourceNotFoundException when the stream is gone, or goes before any record is stored, and
 * with an exception of KMS when there is no key to encrypt any record with. Records of a shard that closes
 * meanwhile go to its children, and fail when the catalog does not name those in time. `packedFor` is the
 * stream that the records were packed for in this same turn, `by` whoever is shown as their producer, `call`
 * what counts as a call of a client's.
 */
export async function putRecords(
  world: PutWorld,
  packedFor: Stream,
  put: RoutedPut,
  by?: string,
  call?: 'PutRecord' | 'PutRecords',
): Promise<void> {
  const calls = call && world.calls;
  if (calls === undefined) return await putUncounted(world, packedFor, put, by);
  const since = calls.start();
  try {
    await putUncounted(world, packedFor, put, by);
  } finally {
    calls.didPut(packedFor, call!, put, since);
  }
}

async function putUncounted(
  world: PutWorld,
  packedFor: Stream,
  put: RoutedPut,
  by: string | undefined,
): Promise<void> {
  admit(world, packedFor, put);
  await appendUntilSettled(world, packedFor, put);
  if (world.throttle.isAtLog === true) measure(world, packedFor, put);
  world.meter.didPut(packedFor, put, by);
}

async function appendUntilSettled(world: PutWorld, packedFor: Stream, put: RoutedPut): Promise<void> {
  let stream = packedFor;
  while (true) {
    await appendAll(world, stream, put);
    requireKey(put);
    requireStream(put, stream);
    if (put.refuseWhatLogRefused()) continue;
    const closed = put.parts.filter(({ outcome, count }) => outcome.kind === 'closed' && count > 0);
    if (closed.length === 0) return;
    try {
      stream = await successorOf(world, stream, closed[0]!.shard);
    } catch (cause) {
      const isTheirsAlone =
        cause instanceof OverloadedError || (cause instanceof ServiceError && mayBeStored(put));
      if (!isTheirsAlone) throw cause;
      for (const part of closed) part.outcome = { kind: 'failed', cause };
      return;
    }
    put.reroute(stream);
  }
}

/** The stream, if it takes and gives records. To writers, any other is not found. */
export function servingStream(catalog: Catalog, address: StreamAddress): Stream {
  const stream = findStream(catalog.state, address);
  if (stream === undefined || !isServing(stream)) throw streamNotFound(address);
  return stream;
}

/** Refuses records above a shard's limits; measures the load of on-demand streams. */
function admit({ throttle, load }: PutWorld, stream: Stream, put: RoutedPut): void {
  if (throttle.isAtLog === true || (throttle.isFree(stream.id) && stream.mode !== 'ON_DEMAND')) return;
  const gates = put.parts.map(({ shard }) => ({
    key: { stream: stream.id, shard: shard.index },
    load: stream.mode === 'ON_DEMAND' ? load.of(stream, shard) : undefined,
  }));
  const { hashKeys } = put.records;
  put.refuse((index) => {
    const gate = gates[put.partOf[index]!]!;
    const bytes = put.records.sizeOf(index);
    if (!throttle.mayWrite(gate.key, bytes)) return true;
    gate.load?.add(hashKeys && hashKeyNumber(hashKeys, index * hashKeyWords), bytes);
    return false;
  });
}

/** Measures the load that is known only now: what the log has refused is none. */
function measure({ load }: PutWorld, stream: Stream, { records, parts, partOf }: RoutedPut): void {
  if (stream.mode !== 'ON_DEMAND') return;
  const loads = parts.map(({ shard, outcome }) => outcome.kind === 'stored' && load.of(stream, shard));
  const { hashKeys } = records;
  for (let index = 0; index < records.count; index++) {
    const of = loads[partOf[index]!]!;
    if (of) of.add(hashKeys && hashKeyNumber(hashKeys, index * hashKeyWords), records.sizeOf(index));
  }
}

/** A stream's key is one for all its shards: without it none of the records is stored. */
function requireKey({ parts }: RoutedPut): void {
  for (const { outcome } of parts) {
    if (outcome.kind !== 'failed' || !(outcome.cause instanceof KeyError)) continue;
    if (!parts.some((part) => part.outcome.kind === 'stored')) throw keyRefusal(outcome.cause);
  }
}

/** With the stream all of it is gone. */
function requireStream(put: RoutedPut, stream: Stream): void {
  const isGone = put.parts.some(({ outcome }) => hasFailedOf(outcome, DroppedError));
  if (isGone && !mayBeStored(put)) throw streamNotFound(stream);
}

/** Stored records may have been read already: then only the others may be refused. */
function mayBeStored({ parts }: RoutedPut): boolean {
  return parts.some(({ outcome }) => outcome.kind === 'stored' || hasFailedOf(outcome, UnavailableError));
}

function hasFailedOf(outcome: ShardWrite['outcome'], kind: new () => Error): boolean {
  return outcome.kind === 'failed' && outcome.cause instanceof kind;
}

async function appendAll({ log, throttle }: PutWorld, stream: Stream, put: RoutedPut): Promise<void> {
  const waiting = put.parts.filter(({ outcome, count }) => outcome.kind === 'waiting' && count > 0);
  const isCounted = throttle.isAtLog === true && !throttle.isFree(stream.id);
  const sizes = isCounted ? put.sizes() : undefined;
  if (waiting.length === 1) await append(log, stream, waiting[0]!, sizes?.get(waiting[0]!));
  else await Promise.all(waiting.map((part) => append(log, stream, part, sizes?.get(part))));
}

async function append(
  log: Records,
  stream: Stream,
  part: ShardWrite,
  sizes: readonly number[] | undefined,
): Promise<void> {
  try {
    const key = { stream: stream.id, shard: part.shard.index };
    const batch = sizes === undefined || part.refused !== undefined ? part.batch! : { ...part.batch!, sizes };
    const { first, arrival, keyArn } = await log.append(key, batch);
    part.outcome = { kind: 'stored', first, arrival, keyArn };
  } catch (cause) {
    if (cause instanceof ThrottledError && cause.refused.length > 0) {
      part.refused = cause.refused;
      return;
    }
    // A shard that fails, fails its own records only: AWS reports errors per record.
    part.outcome = cause instanceof SealedError ? { kind: 'closed' } : { kind: 'failed', cause };
  }
}

/**
 * The stream as soon as the catalog knows the shards after a sealed one. Rejects with `OverloadedError` when
 * that takes so long that the client should retry: when a disk has just become full, the catalog waits, too.
 */
async function successorOf({ catalog, clock }: PutWorld, stream: Stream, sealed: Shard): Promise<Stream> {
  const patience = new AbortController();
  const known = new AbortController();
  detached(expire(clock, known.signal, patience), unthinkable);
  try {
    while (true) {
      const current = servingStream(catalog, stream);
      if (current.id !== stream.id) throw streamNotFound(stream);
      if (findShard(current, sealed.index)?.closed !== undefined) return current;
      if (patience.signal.aborted)
        throw new OverloadedError('A shard has closed, and those after it are not known yet.');
      await catalog.changed(patience.signal);
    }
  } finally {
    known.abort();
  }
}

async function expire(clock: Clock, known: AbortSignal, patience: AbortController): Promise<void> {
  await clock.sleep(successorMsMax, known);
  patience.abort();
}

/** Sealing a shard takes milliseconds, and so does its commit. */
const successorMsMax: Millis = 10_000;
