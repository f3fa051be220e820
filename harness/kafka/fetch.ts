import type { FetchAnswer, FetchedPartition, FetchRequest, KafkaErrorCode } from '../../src/env/kafka.ts';
import { epochErrorOf, watermarkOf } from './answers.ts';
import type { Broker } from './broker.ts';
import { errorCodes } from './error-codes.ts';
import type { Wanted } from './fetch-sessions.ts';
import { Replica } from './replica.ts';
import type { StoredBatch } from './stored-batch.ts';

/** `fetch.max.bytes` of brokers: 55 MiB. */
const answerBytesMax = 55 * 1024 * 1024;

const nothing = Buffer.alloc(0);

/** Answers at once, or when there is enough, or when time is up. */
export async function fetch(broker: Broker, request: FetchRequest): Promise<FetchAnswer> {
  const { weather, timeline } = broker.surroundings;
  if (weather.evictSession > 0 && broker.random.chance(weather.evictSession))
    broker.sessions.evict(request.session.id);
  const { error, id, wanted, select } = broker.sessions.fetch(request, timeline.time);
  if (error !== errorCodes.none) return { error, sessionId: 0, partitions: [] };
  const partitions = await readWhenReady(broker, request, wanted);
  return { error, sessionId: id, partitions: select(partitions).map((each) => damaged(broker, each)) };
}

/** What a bad memory, disk or network makes of the bytes. */
function damaged({ random, surroundings }: Broker, fetched: FetchedPartition): FetchedPartition {
  const { truncate, flip } = surroundings.weather;
  let { bytes } = fetched;
  if (bytes.length > 0 && truncate > 0 && random.chance(truncate))
    bytes = bytes.subarray(0, random.below(bytes.length));
  if (bytes.length > 0 && flip > 0 && random.chance(flip)) {
    bytes = Buffer.from(bytes);
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  }
  return bytes === fetched.bytes ? fetched : { ...fetched, bytes };
}

function readWhenReady(
  broker: Broker,
  request: FetchRequest,
  wanted: readonly Wanted[],
): Promise<readonly FetchedPartition[]> {
  const read = readAll(broker, request, wanted);
  if (request.waitMs <= 0 || wanted.length === 0 || isReady(read, request)) return Promise.resolve(read);
  const replicas = wanted.flatMap((each) => {
    const replica = broker.replicaOf(each);
    return replica instanceof Replica ? replica : [];
  });
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (answer: readonly FetchedPartition[]) => {
      over.abort(null);
      for (const replica of replicas) replica.unwatch(look);
      resolve(answer);
    };
    const look = () => {
      if (over.signal.aborted) return true;
      const again = readAll(broker, request, wanted);
      if (isReady(again, request)) finish(again);
      return over.signal.aborted;
    };
    for (const replica of replicas) replica.watch(look);
    if (!over.signal.aborted)
      broker.after(request.waitMs, () => finish(readAll(broker, request, wanted)), over.signal);
  });
}

function isReady(read: readonly FetchedPartition[], { bytesMin }: FetchRequest): boolean {
  const bytes = read.reduce((sum, partition) => sum + partition.bytes.length, 0);
  return (
    bytes >= bytesMin ||
    read.some(({ error, preferredReplica }) => error !== errorCodes.none || preferredReplica >= 0)
  );
}

/** The first batch of all is answered whatever its size (KIP-74). */
function readAll(
  broker: Broker,
  { bytesMax, rack }: FetchRequest,
  wanted: readonly Wanted[],
): readonly FetchedPartition[] {
  let room = Math.min(bytesMax, answerBytesMax);
  let isFirst = true;
  return wanted.map((each) => {
    const read = readOne(broker, each, rack, { room, isFirst });
    if (read.bytes.length > 0) isFirst = false;
    room = Math.max(0, room - read.bytes.length);
    return read;
  });
}

function readOne(
  broker: Broker,
  { topic, partition, from, bytesMax, leaderEpoch }: Wanted,
  rack: string,
  { room, isFirst }: { readonly room: number; readonly isFirst: boolean },
): FetchedPartition {
  const replica = broker.replicaOf({ topic, partition });
  const failed = (error: KafkaErrorCode) => ({
    ...{ topic, partition, error },
    ...{ highWatermark: -1, start: -1, preferredReplica: -1, bytes: nothing },
  });
  if (typeof replica === 'number') return failed(replica);
  const epochError = epochErrorOf(replica, leaderEpoch);
  if (epochError !== errorCodes.none) return failed(epochError);
  const { log } = replica;
  const highWatermark = watermarkOf(broker, replica);
  const read = { topic, partition, error: errorCodes.none, highWatermark, start: log.start };
  const preferredReplica = nearer(broker, replica, rack, from);
  if (preferredReplica >= 0) return { ...read, preferredReplica, bytes: nothing };
  if (from < log.start || from > log.end) return failed(errorCodes.offsetOutOfRange);
  const batches = log.batchesFrom(from, highWatermark);
  return { ...read, preferredReplica, bytes: cutOff(batches, Math.min(room, bytesMax), isFirst) };
}

/** As many bytes as there may be, the last batch cut off; of a first batch that is too large, all or none. */
function cutOff(batches: readonly StoredBatch[], bytesMax: number, isFirst: boolean): Buffer {
  const [first] = batches;
  if (first === undefined) return nothing;
  if (first.bytes.length > bytesMax) return isFirst ? first.bytes : nothing;
  const taken: Buffer[] = [];
  let bytes = 0;
  for (const batch of batches) {
    if (bytes >= bytesMax) break;
    taken.push(batch.bytes);
    bytes += batch.bytes.length;
  }
  return Buffer.concat(taken).subarray(0, bytesMax);
}

/**
 * A replica in sync in the reader's rack (KIP-392), if the leader is in another one: the one that has most,
 * and of those the one that lags least. −1 for none.
 */
function nearer(broker: Broker, replica: Replica, rack: string, from: number): number {
  if (rack === '' || !replica.isLeader || broker.rack === rack) return -1;
  const near = replica.placement.inSync.flatMap((id) => {
    const view = replica.followerAt(id);
    const other = broker.image.brokers.get(id);
    if (view === undefined || other?.rack !== rack || other.isFenced) return [];
    return view.start <= from && from <= view.end ? { id, ...view } : [];
  });
  near.sort((one, other) => other.end - one.end || one.lagMs - other.lagMs);
  return near[0]?.id ?? -1;
}
