import type { BrokerAddress, BrokerConnection, Kafka } from '../../src/env/kafka.ts';
import { KafkaConnectionError } from '../../src/env/kafka.ts';
import type { SeededRandom } from '../random.ts';
import type { Broker } from './broker.ts';
import type { FakeCluster } from './cluster.ts';
import { crc32c } from './crc32c.ts';
import { FakeConnection } from './fake-connection.ts';
import type { Timeline } from './timeline.ts';

/** A client of a fake cluster. */
export class FakeKafka implements Kafka {
  readonly crc32c = crc32c;
  readonly #cluster: FakeCluster;
  readonly #timeline: Timeline;
  readonly #random: SeededRandom;
  readonly #connections = new Set<FakeConnection>();

  constructor(cluster: FakeCluster, timeline: Timeline, random: SeededRandom) {
    this.#cluster = cluster;
    this.#timeline = timeline;
    this.#random = random;
  }

  connect(address: BrokerAddress): Promise<BrokerConnection> {
    return new Promise((resolve, reject) => {
      const late = new AbortController();
      const refuse = (reason: string) => {
        late.abort(null);
        reject(new KafkaConnectionError(`${address.host}:${address.port} ${reason}`));
      };
      this.#timeline.after(connectMs, () => refuse('does not answer'), late.signal);
      this.#timeline.after(
        0,
        () => {
          const broker = this.#cluster.at(address);
          if (broker === undefined) return refuse('refuses the connection');
          // A broker that is paused or cut off answers when it goes on.
          const gate = this.#cluster.gateOf(broker);
          const { life } = broker;
          gate.run(() =>
            life.run(() => {
              if (late.signal.aborted) return;
              late.abort(null);
              const connection = new FakeConnection({
                broker,
                gate,
                timeline: this.#timeline,
                random: this.#random,
                ended: () => this.#connections.delete(connection),
              });
              this.#connections.add(connection);
              resolve(connection);
            }),
          );
        },
        late.signal,
      );
    });
  }

  /** A broker is no more. */
  ended(broker: Broker): void {
    for (const connection of this.#connections)
      if (connection.broker === broker) connection.end('the broker ended');
  }

  /** The client is no more: nothing of it is answered. */
  end(): void {
    for (const connection of this.#connections) connection.close();
  }
}

/** A client waits so long for a connection. */
const connectMs = 5_000;
