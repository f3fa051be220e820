import type { BrokerAddress, BrokerConnection, FetchRequest, Kafka } from '../../../src/env/kafka.ts';

/** A fetch that was asked of a broker. */
export type HeardFetch = { readonly host: string; readonly request: FetchRequest };

/** A client's port on which a test hears what is asked of brokers, and may answer otherwise. */
export class HeardKafka implements Kafka {
  readonly fetches: HeardFetch[] = [];
  /** Of everything but fetches, the names of the calls. */
  readonly calls: string[] = [];
  alter: (connection: BrokerConnection) => Partial<BrokerConnection> = () => ({});
  readonly #kafka: Kafka;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Fetches of readers that are behind: they are in no session. */
  get catchUps(): readonly HeardFetch[] {
    return this.fetches.filter(({ request }) => request.session.epoch === -1);
  }

  crc32c(bytes: Uint8Array): number {
    return this.#kafka.crc32c(bytes);
  }

  async connect(broker: BrokerAddress): Promise<BrokerConnection> {
    const connection = await this.#kafka.connect(broker);
    const heard: BrokerConnection = {
      closed: connection.closed,
      metadata: (topics) => connection.metadata(topics),
      initProducerId: () => connection.initProducerId(),
      produce: (request) => connection.produce(request),
      fetch: (request) => connection.fetch(request),
      listOffsets: (asked) => connection.listOffsets(asked),
      createTopic: (topic) => connection.createTopic(topic),
      createPartitions: (topic, partitions) => connection.createPartitions(topic, partitions),
      deleteTopic: (topic) => connection.deleteTopic(topic),
      alterTopic: (topic, settings) => connection.alterTopic(topic, settings),
      describeTopic: (topic) => connection.describeTopic(topic),
      deleteRecords: (partition, before) => connection.deleteRecords(partition, before),
      close: () => connection.close(),
      ...this.alter(connection),
    };
    return {
      ...heard,
      fetch: (request) => {
        this.fetches.push({ host: broker.host, request });
        return heard.fetch(request);
      },
      listOffsets: (asked) => {
        this.calls.push('listOffsets');
        return heard.listOffsets(asked);
      },
    };
  }
}
