import type { BrokerConnection } from '../../src/env/kafka.ts';
import type { KafkaBrokers } from './brokers.ts';
import { leadersOf, topicsWith } from './library.ts';

/** What a topic of one partition has, in all and by its name. */
export type TopicBytes = { readonly topic: string; readonly bytes: number };

/** The record batches of all topics of one partition whose names begin so, as brokers store them. */
export async function bytesOfTopics(brokers: KafkaBrokers, prefix: string): Promise<TopicBytes[]> {
  const topics = await topicsWith(brokers.bootstrap, prefix);
  return await Promise.all(topics.map(async (topic) => ({ topic, bytes: await bytesOf(brokers, topic) })));
}

async function bytesOf(brokers: KafkaBrokers, topic: string): Promise<number> {
  const [leader] = await leadersOf(brokers.bootstrap, topic, 1);
  return await brokers.askAt(leader!, (connection) => readThrough(connection, topic));
}

async function readThrough(connection: BrokerConnection, topic: string): Promise<number> {
  const session = { id: 0, epoch: -1 };
  let bytes = 0;
  for (let from = 0; ; ) {
    const { partitions } = await connection.fetch({
      ...{ waitMs: 0, bytesMin: 0, bytesMax: bytesAtOnce, rack: '', session, forgotten: [] },
      partitions: [{ topic, partition: 0, from, bytesMax: bytesAtOnce }],
    });
    const batches = wholeBatches(partitions[0]!.bytes);
    if (batches.length === 0) return bytes;
    for (const { length, next } of batches) {
      bytes += length;
      from = next;
    }
  }
}

/** Format 2: i64 first offset | i32 length of what follows | … | at 23 i32 last offset − first. */
function wholeBatches(bytes: Buffer): { length: number; next: number }[] {
  const batches: { length: number; next: number }[] = [];
  for (let at = 0; at + 27 <= bytes.length; ) {
    const length = 12 + bytes.readInt32BE(at + 8);
    if (at + length > bytes.length) break;
    batches.push({ length, next: Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + 23) + 1 });
    at += length;
  }
  return batches;
}

const bytesAtOnce = 16 << 20;
