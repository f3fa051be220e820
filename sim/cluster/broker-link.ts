import type { FakeKafka } from '../../harness/kafka/fake-kafka.ts';
import type { Millis } from '../../src/env/clock.ts';
import {
  type BrokerAddress,
  type BrokerConnection,
  type Kafka,
  KafkaConnectionError,
} from '../../src/env/kafka.ts';
import type { Process } from '../process.ts';
import type { GatewayMachine } from './gateway-machine.ts';

/**
 * The brokers as a process sees them. Whatever they answer comes to the process alone: later when it stands
 * still, and never when it is dead.
 */
export function brokerLink(inner: FakeKafka, process: Process, machine: GatewayMachine): Kafka {
  return {
    crc32c: (bytes) => inner.crc32c(bytes),
    async connect(broker: BrokerAddress) {
      if (machine.isCutFrom('brokers')) await unreachable(process, broker);
      const connection = await heardBy(process, inner.connect(broker));
      const end = () => connection.close();
      machine.cutOff.addEventListener('abort', end, { once: true });
      return linked(connection, process);
    },
  };
}

/** How long a client waits for a connection. */
const connectMs: Millis = 5_000;

function unreachable(process: Process, { host, port }: BrokerAddress): Promise<never> {
  return new Promise((_, reject) => {
    process.after(connectMs, () => reject(new KafkaConnectionError(`${host}:${port} does not answer`)));
  });
}

function linked(inner: BrokerConnection, process: Process): BrokerConnection {
  const hear = <T>(answer: Promise<T>) => heardBy(process, answer);
  return {
    closed: hear(inner.closed),
    metadata: (topics) => hear(inner.metadata(topics)),
    initProducerId: () => hear(inner.initProducerId()),
    produce: (request) => hear(inner.produce(request)),
    fetch: (request) => hear(inner.fetch(request)),
    listOffsets: (asked) => hear(inner.listOffsets(asked)),
    createTopic: (topic) => hear(inner.createTopic(topic)),
    createPartitions: (topic, partitions) => hear(inner.createPartitions(topic, partitions)),
    deleteTopic: (topic) => hear(inner.deleteTopic(topic)),
    alterTopic: (topic, settings) => hear(inner.alterTopic(topic, settings)),
    describeTopic: (topic) => hear(inner.describeTopic(topic)),
    deleteRecords: (partition, before) => hear(inner.deleteRecords(partition, before)),
    close: () => inner.close(),
  };
}

function heardBy<T>(process: Process, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    answer.then(
      (value) => process.run(() => resolve(value)),
      (error: unknown) => process.run(() => reject(error)),
    );
  });
}
