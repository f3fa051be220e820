import type { Millis } from '../clock.ts';
import type {
  BrokerConnection,
  ClusterMetadata,
  FetchAnswer,
  FetchRequest,
  KafkaErrorCode,
  NewTopic,
  OffsetAnswer,
  OffsetQuestion,
  PartitionOf,
  ProduceAnswer,
  ProduceRequest,
  TopicSettings,
} from '../kafka.ts';
import { KafkaError } from '../kafka.ts';
import { clusterMetadata, offsetAnswers, offsetTopics } from './answers.ts';
import { type Api, commonApi, commonVersion, type SpokenVersions } from './apis.ts';
import { fetchAnswer, fetchKey, fetchRequest, fetchVersions, isFlexibleFetch } from './fetch-codec.ts';
import { type KnownApis, setConfig, topicResource } from './known-apis.ts';
import type { Line } from './line.ts';
import {
  isFlexibleProduce,
  produceAnswers,
  produceKey,
  produceRequest,
  produceVersions,
} from './produce-codec.ts';

/** How long a broker may take for what it decides on, and how long an answer may be on its way besides. */
export type BrokerLimits = { readonly workMsMax: Millis; readonly wayMsMax: Millis };

export const brokerLimits: BrokerLimits = { workMsMax: 15_000, wayMsMax: 5_000 };

/** `BrokerConnection` over one connection of the library. */
export class PlatformaticConnection implements BrokerConnection {
  readonly closed: Promise<void>;
  readonly #line: Line;
  readonly #spoken: SpokenVersions;
  readonly #apis: KnownApis;
  readonly #limits: BrokerLimits;
  readonly #produceVersion: number;
  readonly #fetchVersion: number;

  /** Throws `KafkaError` when the broker's versions are too old, or too new. */
  constructor(line: Line, spoken: SpokenVersions, apis: KnownApis, limits: BrokerLimits) {
    this.closed = line.closed;
    this.#line = line;
    this.#spoken = spoken;
    this.#apis = apis;
    this.#limits = limits;
    this.#produceVersion = commonVersion(spoken, produceKey, produceVersions);
    this.#fetchVersion = commonVersion(spoken, fetchKey, fetchVersions);
  }

  close(): void {
    this.#line.end('closed by this side');
  }

  async produce(request: ProduceRequest): Promise<readonly ProduceAnswer[]> {
    const version = this.#produceVersion;
    const bytes = await this.#line.send(
      { key: produceKey, version, isFlexible: isFlexibleProduce(version) },
      produceRequest(version, request),
      request.timeoutMs + this.#limits.wayMsMax,
    );
    return this.#line.understood(() => produceAnswers(version, bytes));
  }

  async fetch(request: FetchRequest): Promise<FetchAnswer> {
    const version = this.#fetchVersion;
    const bytes = await this.#line.send(
      { key: fetchKey, version, isFlexible: isFlexibleFetch(version) },
      [fetchRequest(version, request)],
      request.waitMs + this.#limits.wayMsMax,
    );
    return this.#line.understood(() => fetchAnswer(version, bytes));
  }

  async metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return clusterMetadata(await this.#ask(this.#apis.metadata, [...topics], false));
  }

  async initProducerId(): Promise<{ id: bigint; epoch: number }> {
    const answer = await this.#ask(this.#apis.initProducerId, null, this.#limits.workMsMax);
    requireNoError(answer.errorCode, 'InitProducerId');
    return { id: answer.producerId, epoch: answer.producerEpoch };
  }

  async listOffsets(asked: readonly OffsetQuestion[]): Promise<readonly OffsetAnswer[]> {
    return offsetAnswers(await this.#ask(this.#apis.listOffsets, -1, 0, offsetTopics(asked)));
  }

  async createTopic(topic: NewTopic): Promise<KafkaErrorCode> {
    const { topic: name, partitions, replication, settings } = topic;
    const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
    const asked = { name, numPartitions: partitions, replicationFactor: replication, configs };
    const answer = await this.#ask(
      this.#apis.createTopics,
      [{ ...asked, assignments: [] }],
      this.#limits.workMsMax,
      false,
    );
    return only(answer.topics).errorCode;
  }

  async createPartitions(topic: string, partitions: number): Promise<KafkaErrorCode> {
    const asked = { name: topic, count: partitions, assignments: null };
    const answer = await this.#ask(this.#apis.createPartitions, [asked], this.#limits.workMsMax, false);
    return only(answer.results).errorCode;
  }

  async deleteTopic(topic: string): Promise<KafkaErrorCode> {
    const answer = await this.#ask(this.#apis.deleteTopics, [{ name: topic }], this.#limits.workMsMax);
    return only(answer.responses).errorCode;
  }

  async alterTopic(topic: string, settings: TopicSettings): Promise<KafkaErrorCode> {
    const configs = Object.entries(settings).map(([name, value]) => ({
      name,
      value,
      configOperation: setConfig,
    }));
    const asked = { resourceType: topicResource, resourceName: topic, configs };
    const answer = await this.#ask(this.#apis.alterConfigs, [asked], false);
    return only(answer.responses).errorCode;
  }

  async describeTopic(topic: string): Promise<{ error: KafkaErrorCode; settings: TopicSettings }> {
    const asked = { resourceType: topicResource, resourceName: topic, configurationKeys: null };
    const answer = await this.#ask(this.#apis.describeConfigs, [asked]);
    const { errorCode, configs } = only(answer.results);
    const settings = configs.map(({ name, value }) => [name, value ?? ''] as const);
    return { error: errorCode, settings: Object.fromEntries(settings) };
  }

  async deleteRecords({ topic, partition }: PartitionOf, before: number): Promise<OffsetAnswer> {
    const partitions = [{ partitionIndex: partition, offset: BigInt(before) }];
    const answer = await this.#ask(
      this.#apis.deleteRecords,
      [{ name: topic, partitions }],
      this.#limits.workMsMax,
    );
    const { errorCode, lowWatermark } = only(only(answer.topics).partitions);
    return { topic, partition, error: errorCode, offset: Number(lowWatermark) };
  }

  #ask<Asked extends readonly unknown[], Answer>(
    apis: readonly Api<Asked, Answer>[],
    ...asked: Asked
  ): Promise<Answer> {
    const api = commonApi(this.#spoken, apis);
    const { workMsMax, wayMsMax } = this.#limits;
    return this.#line.call((connection) => api.async(connection, ...asked), workMsMax + wayMsMax);
  }
}

function requireNoError(code: KafkaErrorCode, request: string): void {
  if (code !== 0) throw new KafkaError(code, `${request} was refused with error ${code}`);
}

/** The answer about the one thing that was asked about. */
function only<Answer>(answers: readonly Answer[]): Answer {
  const [answer] = answers;
  if (answer === undefined)
    throw new KafkaError(unknownServerError, 'the broker says nothing of what was asked');
  return answer;
}

/** Kafka protocol guide, "Error Codes". */
const unknownServerError = -1;
