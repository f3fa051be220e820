import type { FetchAnswer, FetchedPartition, FetchRequest } from '../kafka.ts';
import { byTopic } from './by-topic.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Fetch (Kafka protocol guide, API key 1) in versions 11 and 12: later ones name topics by their UUID, which
 * not every broker knows. Batches are handed over as they came.
 *
 *     request   replica_id:32 max_wait_ms:32 min_bytes:32 max_bytes:32 isolation_level:8 session_id:32
 *               session_epoch:32 [topic [partition:32 leader_epoch:32 offset:64 v12: last_epoch:32
 *               log_start_offset:64 max_bytes:32]] [topic [partition:32]] rack
 *     response  throttle_time_ms:32 error:16 session_id:32 [topic [partition:32 error:16 high_watermark:64
 *               last_stable_offset:64 log_start_offset:64 [producer_id:64 first_offset:64]
 *               preferred_read_replica:32 records]]
 */
export const fetchKey = 1;
export const fetchVersions = { first: 11, last: 12 };

/** No replica: a client. */
const client = -1;
const unknown = -1;
const uncommitted = 0;

export function isFlexibleFetch(version: number): boolean {
  return version >= 12;
}

export function fetchRequest(version: number, request: FetchRequest): Buffer {
  const writer = new WireWriter(isFlexibleFetch(version));
  writer.int32(client);
  writer.int32(request.waitMs);
  writer.int32(request.bytesMin);
  writer.int32(request.bytesMax);
  writer.int8(uncommitted);
  writer.int32(request.session.id);
  writer.int32(request.session.epoch);
  writePartitions(version, writer, request.partitions);
  writeForgotten(writer, request.forgotten);
  writer.string(request.rack);
  writer.end();
  return writer.take();
}

function writePartitions(version: number, writer: WireWriter, all: FetchRequest['partitions']): void {
  const topics = byTopic(all);
  writer.array(topics.size);
  for (const [topic, partitions] of topics) {
    writer.string(topic);
    writer.array(partitions.length);
    for (const { partition, from, bytesMax, leaderEpoch } of partitions) {
      writer.int32(partition);
      writer.int32(leaderEpoch ?? unknown);
      writer.int64(from);
      if (version >= 12) writer.int32(unknown);
      writer.int64(unknown);
      writer.int32(bytesMax);
      writer.end();
    }
    writer.end();
  }
}

function writeForgotten(writer: WireWriter, all: FetchRequest['forgotten']): void {
  const topics = byTopic(all);
  writer.array(topics.size);
  for (const [topic, partitions] of topics) {
    writer.string(topic);
    writer.array(partitions.length);
    for (const { partition } of partitions) writer.int32(partition);
    writer.end();
  }
}

export function fetchAnswer(version: number, bytes: Buffer): FetchAnswer {
  const reader = new WireReader(bytes, isFlexibleFetch(version));
  reader.int32();
  const error = reader.int16();
  const sessionId = reader.int32();
  const topics = reader.array(() => {
    const topic = reader.string();
    const partitions = reader.array(() => fetchedPartition(reader, topic));
    reader.end();
    return partitions;
  });
  return { error, sessionId, partitions: topics.flat() };
}

function fetchedPartition(reader: WireReader, topic: string): FetchedPartition {
  const partition = reader.int32();
  const error = reader.int16();
  const highWatermark = reader.int64();
  // The last stable offset is for readers of transactions.
  reader.int64();
  const start = reader.int64();
  reader.array(() => {
    reader.int64();
    reader.int64();
    reader.end();
  });
  const preferredReplica = reader.int32();
  const records = reader.bytes();
  reader.end();
  return { topic, partition, error, highWatermark, start, preferredReplica, bytes: records };
}
