import type { ClusterMetadata, OffsetAnswer, OffsetQuestion } from '../kafka.ts';
import { byTopic } from './by-topic.ts';
import type { MetadataAnswer, OffsetsAnswer, OffsetsTopic } from './known-apis.ts';

export function clusterMetadata(answer: MetadataAnswer): ClusterMetadata {
  return {
    clusterId: answer.clusterId ?? '',
    controller: answer.controllerId,
    brokers: answer.brokers.map(({ nodeId, host, port, rack }) => ({
      id: nodeId,
      host,
      port,
      rack: rack ?? undefined,
    })),
    topics: answer.topics.map(({ name, errorCode, topicId, partitions }) => ({
      topic: name ?? '',
      error: errorCode,
      id: topicId.replaceAll('-', ''),
      partitions: partitions.map((partition) => ({
        partition: partition.partitionIndex,
        error: partition.errorCode,
        leader: partition.leaderId,
        leaderEpoch: partition.leaderEpoch,
        replicas: partition.replicaNodes,
        inSync: partition.isrNodes,
      })),
    })),
  };
}

/** As ListOffsets says them (Kafka protocol guide). */
const latest = -1n;
const earliest = -2n;
const unknownEpoch = -1;

export function offsetTopics(asked: readonly OffsetQuestion[]): OffsetsTopic[] {
  return [...byTopic(asked)].map(([name, questions]) => ({
    name,
    partitions: questions.map(({ partition, time, leaderEpoch }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: leaderEpoch ?? unknownEpoch,
      timestamp: time === 'latest' ? latest : time === 'earliest' ? earliest : BigInt(time),
    })),
  }));
}

export function offsetAnswers(answer: OffsetsAnswer): OffsetAnswer[] {
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, offset }) => ({
      topic: name,
      partition: partitionIndex,
      error: errorCode,
      offset: Number(offset),
    })),
  );
}
