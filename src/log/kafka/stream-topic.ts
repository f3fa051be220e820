import type { Millis } from '../../env/clock.ts';
import type { NewTopic, TopicSettings } from '../../env/kafka.ts';
import { limits } from '../../kinesis/limits.ts';

/** The topic that has the records of a stream: a partition for each of its shards. */
export function streamTopic(cluster: string, stream: string, partitions: number): NewTopic {
  return {
    topic: streamTopicName(cluster, stream),
    partitions,
    replication: 3,
    settings: streamTopicSettings,
  };
}

export function streamTopicName(cluster: string, stream: string): string {
  return `millrace.${cluster}.stream.${stream}`;
}

/**
 * What has to be set for a stream to keep records so long. They stay an hour longer: what is past retention
 * is hidden from readers at once, and a gateway whose clock is late must still find what it shows. Kafka
 * forgets whole segments, so these are of a twelfth of the retention, of one hour at least and a day at
 * most.
 */
export function retentionSettings(retention: Millis): TopicSettings {
  const segmentMs = Math.min(Math.max(Math.floor(retention / 12), hourMs), 24 * hourMs);
  return { 'retention.ms': String(retention + hourMs), 'segment.ms': String(segmentMs) };
}

const hourMs: Millis = 3_600_000;

/**
 * What a request of 10 MiB takes more as a record batch: headers of records, of the batch, and of
 * encryption.
 */
const batchSlackBytes = 1 << 20;

/**
 * Everything that a promise rests on is set for each topic: brokers have defaults of their own (Kafka's
 * "Topic Configs"). Without `unclean.leader.election.enable=false` offsets might be given twice. What other
 * producers compress, brokers decompress as it comes (`compression.type=uncompressed`): there are codecs that
 * readers here do not have. It costs brokers nothing for what is not compressed.
 */
const streamTopicSettings: TopicSettings = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(limits.putRecordsBytesMax + batchSlackBytes),
  'message.timestamp.type': 'LogAppendTime',
  'min.insync.replicas': '2',
  'retention.bytes': '-1',
  'segment.bytes': String(256 << 20),
  'unclean.leader.election.enable': 'false',
  ...retentionSettings(limits.retentionHoursMin * hourMs),
};
