import type {
  BrokerAddress,
  BrokerConnection,
  Kafka,
  ProduceAnswer,
  ProduceRequest,
} from '../../../src/env/kafka.ts';

/** What becomes of a request: it may be carried out, or answered otherwise. */
export type Watcher = (
  request: ProduceRequest,
  carryOut: () => Promise<readonly ProduceAnswer[]>,
) => Promise<readonly ProduceAnswer[]>;

/** A port to brokers, of which somebody sees the requests that append. */
export class WatchedKafka implements Kafka {
  readonly crc32c: Kafka['crc32c'];
  readonly #kafka: Kafka;
  watcher: Watcher = (_, carryOut) => carryOut();
  readonly requests: ProduceRequest[] = [];
  /** How many partitions topics were to have, one for each request. */
  readonly partitions: number[] = [];
  /** Brokers that are asked for a connection, one for each time. */
  readonly addresses: BrokerAddress[] = [];

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.crc32c = kafka.crc32c;
  }

  async connect(address: BrokerAddress): Promise<BrokerConnection> {
    this.addresses.push(address);
    const inner = await this.#kafka.connect(address);
    return {
      closed: inner.closed,
      metadata: (topics) => inner.metadata(topics),
      initProducerId: () => inner.initProducerId(),
      produce: (request) => {
        this.requests.push(request);
        return this.watcher(request, () => inner.produce(request));
      },
      fetch: (request) => inner.fetch(request),
      listOffsets: (asked) => inner.listOffsets(asked),
      createTopic: (topic) => {
        this.partitions.push(topic.partitions);
        return inner.createTopic(topic);
      },
      createPartitions: (topic, partitions) => {
        this.partitions.push(partitions);
        return inner.createPartitions(topic, partitions);
      },
      deleteTopic: (topic) => inner.deleteTopic(topic),
      alterTopic: (topic, settings) => inner.alterTopic(topic, settings),
      describeTopic: (topic) => inner.describeTopic(topic),
      deleteRecords: (partition, before) => inner.deleteRecords(partition, before),
      close: () => inner.close(),
    };
  }
}
