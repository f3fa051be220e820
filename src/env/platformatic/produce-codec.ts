import type { ProduceAnswer, ProduceRequest } from '../kafka.ts';
import { byTopic } from './by-topic.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Produce (Kafka protocol guide, API key 0) in versions 7 to 11. Batches go through as they are.
 *
 *     request   transactional_id acks:16 timeout_ms:32 [topic [partition:32 records]]
 *     response  [topic [partition:32 error:16 base_offset:64 log_append_time_ms:64 log_start_offset:64
 *               v8+: [batch_index:32 message] message]] throttle_time_ms:32
 */
export const produceKey = 0;
export const produceVersions = { first: 7, last: 11 };

const allInSync = -1;

export function isFlexibleProduce(version: number): boolean {
  return version >= 9;
}

/** The request in parts: the batches between what is written around them. */
export function produceRequest(version: number, request: ProduceRequest): Buffer[] {
  const parts: Buffer[] = [];
  const writer = new WireWriter(isFlexibleProduce(version));
  writer.noString();
  writer.int16(allInSync);
  writer.int32(request.timeoutMs);
  const topics = byTopic(request.batches);
  writer.array(topics.size);
  for (const [topic, batches] of topics) {
    writer.string(topic);
    writer.array(batches.length);
    for (const { partition, bytes } of batches) {
      writer.int32(partition);
      writer.bytesLength(bytes.length);
      parts.push(writer.take(), bytes);
      writer.end();
    }
    writer.end();
  }
  writer.end();
  parts.push(writer.take());
  return parts;
}

export function produceAnswers(version: number, bytes: Buffer): ProduceAnswer[] {
  const reader = new WireReader(bytes, isFlexibleProduce(version));
  const topics = reader.array(() => {
    const topic = reader.string();
    const answers = reader.array(() => produceAnswer(version, reader, topic));
    reader.end();
    return answers;
  });
  return topics.flat();
}

function produceAnswer(version: number, reader: WireReader, topic: string): ProduceAnswer {
  const partition = reader.int32();
  const error = reader.int16();
  const first = reader.int64();
  const appendedAt = reader.int64();
  const start = reader.int64();
  if (version >= 8) {
    // Which records of the batch are wrong, and why: the error says enough.
    reader.array(() => {
      reader.int32();
      reader.string();
      reader.end();
    });
    reader.string();
  }
  reader.end();
  return { topic, partition, error, first, appendedAt, start };
}
