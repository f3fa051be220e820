import { FakeCluster } from '../../../harness/kafka/cluster.ts';
import { timelineOf } from '../../../harness/kafka/timeline.ts';
import { SeededRandom } from '../../../harness/random.ts';
import type { Millis } from '../../../src/env/clock.ts';
import type { Kafka } from '../../../src/env/kafka.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { KafkaClient } from '../../../src/log/kafka/client.ts';
import { type KafkaClientOptions, openKafkaClient } from '../../../src/log/kafka/kafka-client.ts';
import { PassingTime } from './passing-time.ts';

/** A fake cluster of three brokers, whose time passes by itself, and clients of it. */
export class OnFakeCluster implements AsyncDisposable {
  readonly #time = new PassingTime();
  readonly clock = this.#time.clock;
  readonly cluster: FakeCluster;
  readonly #clients: KafkaClient[] = [];

  constructor(seed = 1, wall: { now(): Millis } = this.clock) {
    const random = new SeededRandom(seed);
    this.cluster = new FakeCluster({ timeline: timelineOf(this.clock), wall, random });
  }

  async client(options?: KafkaClientOptions, kafka: Kafka = this.cluster.client()): Promise<KafkaClient> {
    const { clock, cluster } = this;
    const world = { kafka, bootstrap: cluster.addresses, rack: 'az1', clock, logger: silentLogger };
    const client = await openKafkaClient(world, options);
    this.#clients.push(client);
    return client;
  }

  /** Resolves when something is so; time passes meanwhile. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.clock.sleep(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cluster.heal();
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()));
    this.cluster.close();
    this.#time[Symbol.dispose]();
  }
}
