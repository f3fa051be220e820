import type { NewTopic, TopicSettings } from '../../env/kafka.ts';

/** Requests and batches of services' logs, which are not cut into chunks, with what a record batch adds. */
export const controlRecordBytesMax = 11 << 20;

/**
 * Everything that a promise rests on is set for each topic: brokers have defaults of their own (Kafka's
 * "Topic Configs"). Nothing goes by itself: what a journal needs no more is deleted record by record.
 */
export const controlTopicSettings: TopicSettings = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(controlRecordBytesMax),
  'message.timestamp.type': 'LogAppendTime',
  'min.insync.replicas': '2',
  'retention.bytes': '-1',
  'retention.ms': '-1',
  'segment.bytes': String(64 << 20),
  'unclean.leader.election.enable': 'false',
};

/** A topic with one partition for a log of ours, or for its large records. */
export function controlTopic(topic: string, replication: number): NewTopic {
  const inSync = Math.min(replication, Number(controlTopicSettings['min.insync.replicas']));
  const settings = { ...controlTopicSettings, 'min.insync.replicas': String(inSync) };
  return { topic, partitions: 1, replication, settings };
}
