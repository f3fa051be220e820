import type { Clock } from '../../../src/env/clock.ts';
import type { HttpClient } from '../../../src/env/http-client.ts';
import type { BrokerConnection, Kafka } from '../../../src/env/kafka.ts';

/**
 * A process that can be made to stand still, and to go on as if no time had passed: it asks for nothing and
 * hears nothing meanwhile. One that is killed never goes on.
 */
export class StandingStill {
  #still: PromiseWithResolvers<void> | undefined;

  stop(): void {
    this.#still ??= Promise.withResolvers();
  }

  goOn(): void {
    this.#still?.resolve();
    this.#still = undefined;
  }

  async hear<T>(ask: () => Promise<T>): Promise<T> {
    await this.#moving();
    try {
      return await ask();
    } finally {
      await this.#moving();
    }
  }

  /** The time goes on without it. */
  clock(inner: Clock): Clock {
    return {
      now: () => inner.now(),
      monotonic: () => inner.monotonic(),
      turn: () => this.hear(() => inner.turn()),
      sleep: (delay, signal) => this.hear(() => inner.sleep(delay, signal)),
    };
  }

  client(inner: HttpClient): HttpClient {
    return { send: (request, signal) => this.hear(() => inner.send(request, signal)) };
  }

  kafka(inner: Kafka): Kafka {
    return {
      crc32c: (bytes) => inner.crc32c(bytes),
      connect: (broker) => this.hear(async () => this.#connection(await inner.connect(broker))),
    };
  }

  #connection(inner: BrokerConnection): BrokerConnection {
    return {
      closed: this.hear(() => inner.closed),
      metadata: (topics) => this.hear(() => inner.metadata(topics)),
      initProducerId: () => this.hear(() => inner.initProducerId()),
      produce: (request) => this.hear(() => inner.produce(request)),
      fetch: (request) => this.hear(() => inner.fetch(request)),
      listOffsets: (asked) => this.hear(() => inner.listOffsets(asked)),
      createTopic: (topic) => this.hear(() => inner.createTopic(topic)),
      createPartitions: (topic, partitions) => this.hear(() => inner.createPartitions(topic, partitions)),
      deleteTopic: (topic) => this.hear(() => inner.deleteTopic(topic)),
      alterTopic: (topic, settings) => this.hear(() => inner.alterTopic(topic, settings)),
      describeTopic: (topic) => this.hear(() => inner.describeTopic(topic)),
      deleteRecords: (partition, before) => this.hear(() => inner.deleteRecords(partition, before)),
      close: () => inner.close(),
    };
  }

  async #moving(): Promise<void> {
    while (this.#still !== undefined) await this.#still.promise;
  }
}
