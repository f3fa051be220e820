import type { Api, Library } from './apis.ts';

/**
 * What is asked of brokers besides records, in the versions that the library and some broker since Kafka 2.1
 * have in common: oldest first, and none left out. Of answers, what is used.
 */
export type KnownApis = {
  readonly metadata: readonly Api<[topics: string[], mayCreate: boolean], MetadataAnswer>[];
  readonly initProducerId: readonly Api<[transactionalId: null, timeoutMs: number], ProducerIdAnswer>[];
  readonly listOffsets: readonly Api<
    [replica: number, isolation: number, topics: OffsetsTopic[]],
    OffsetsAnswer
  >[];
  readonly createTopics: readonly Api<
    [topics: TopicToCreate[], timeoutMs: number, validateOnly: boolean],
    { readonly topics: readonly Failable[] }
  >[];
  readonly createPartitions: readonly Api<
    [topics: TopicToGrow[], timeoutMs: number, validateOnly: boolean],
    { readonly results: readonly Failable[] }
  >[];
  readonly deleteTopics: readonly Api<
    [topics: { name: string }[], timeoutMs: number],
    { readonly responses: readonly Failable[] }
  >[];
  readonly alterConfigs: readonly Api<
    [resources: ConfigsToAlter[], validateOnly: boolean],
    { readonly responses: readonly Failable[] }
  >[];
  readonly describeConfigs: readonly Api<[resources: ConfigsToDescribe[]], ConfigsAnswer>[];
  readonly deleteRecords: readonly Api<
    [topics: RecordsToDelete[], timeoutMs: number],
    { readonly topics: readonly { readonly partitions: readonly DeletedRecords[] }[] }
  >[];
};

export function knownApis(library: Library): KnownApis {
  const l = library;
  return {
    metadata: [
      ...[l.metadataV7.api, l.metadataV8.api, l.metadataV9.api],
      ...[l.metadataV10.api, l.metadataV11.api, l.metadataV12.api],
    ],
    initProducerId: [
      ...[l.initProducerIdV0.api, l.initProducerIdV1.api, l.initProducerIdV2.api],
      ...[l.initProducerIdV3.api, l.initProducerIdV4.api, l.initProducerIdV5.api],
    ],
    listOffsets: [
      ...[l.listOffsetsV2.api, l.listOffsetsV3.api, l.listOffsetsV4.api, l.listOffsetsV5.api],
      ...[l.listOffsetsV6.api, l.listOffsetsV7.api, l.listOffsetsV8.api, l.listOffsetsV9.api],
    ],
    createTopics: [
      ...[l.createTopicsV3.api, l.createTopicsV4.api, l.createTopicsV5.api],
      ...[l.createTopicsV6.api, l.createTopicsV7.api],
    ],
    createPartitions: [
      ...[l.createPartitionsV0.api, l.createPartitionsV1.api],
      ...[l.createPartitionsV2.api, l.createPartitionsV3.api],
    ],
    deleteTopics: [
      ...[l.deleteTopicsV2.api, l.deleteTopicsV3.api, l.deleteTopicsV4.api],
      ...[l.deleteTopicsV5.api, l.deleteTopicsV6.api],
    ],
    alterConfigs: [l.incrementalAlterConfigsV0.api, l.incrementalAlterConfigsV1.api],
    describeConfigs: [
      ...[l.describeConfigsV1.api, l.describeConfigsV2.api],
      ...[l.describeConfigsV3.api, l.describeConfigsV4.api],
    ],
    deleteRecords: [l.deleteRecordsV0.api, l.deleteRecordsV1.api, l.deleteRecordsV2.api],
  };
}

type Failable = { readonly errorCode: number };

type Text = string | null | undefined;

export type MetadataAnswer = {
  readonly clusterId: Text;
  readonly controllerId: number;
  readonly brokers: readonly {
    readonly nodeId: number;
    readonly host: string;
    readonly port: number;
    readonly rack: Text;
  }[];
  readonly topics: readonly (Failable & {
    readonly name: Text;
    /** With dashes. */
    readonly topicId: string;
    readonly partitions: readonly (Failable & {
      readonly partitionIndex: number;
      readonly leaderId: number;
      readonly leaderEpoch: number;
      readonly replicaNodes: readonly number[];
      readonly isrNodes: readonly number[];
    })[];
  })[];
};

type ProducerIdAnswer = Failable & { readonly producerId: bigint; readonly producerEpoch: number };

export type OffsetsTopic = {
  name: string;
  partitions: { partitionIndex: number; currentLeaderEpoch: number; timestamp: bigint }[];
};

export type OffsetsAnswer = {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly (Failable & { readonly partitionIndex: number; readonly offset: bigint })[];
  }[];
};

type TopicToCreate = {
  name: string;
  numPartitions: number;
  replicationFactor: number;
  assignments: [];
  configs: { name: string; value: string }[];
};

type TopicToGrow = { name: string; count: number; assignments: null };

/** 2 is a topic, and operation 0 sets (Kafka protocol guide, DescribeConfigs and IncrementalAlterConfigs). */
export const topicResource = 2 as const;
export const setConfig = 0 as const;

type ConfigsToAlter = {
  resourceType: typeof topicResource;
  resourceName: string;
  configs: { name: string; configOperation: typeof setConfig; value: string }[];
};

type ConfigsToDescribe = {
  resourceType: typeof topicResource;
  resourceName: string;
  configurationKeys: null;
};

type ConfigsAnswer = {
  readonly results: readonly (Failable & {
    readonly configs: readonly { readonly name: string; readonly value: Text }[];
  })[];
};

type RecordsToDelete = { name: string; partitions: { partitionIndex: number; offset: bigint }[] };

type DeletedRecords = Failable & { readonly lowWatermark: bigint };
