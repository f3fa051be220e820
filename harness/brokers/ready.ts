import { setTimeout as pause } from 'node:timers/promises';
import {
  type BrokerAddress,
  type BrokerConnection,
  type Kafka,
  KafkaConnectionError,
  KafkaError,
} from '../../src/env/kafka.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import type { BrokerCluster } from './broker-cluster.ts';

/**
 * Resolves when every broker knows all of them, and a topic with a replica in sync at each was made: puts
 * work from then on. Rejects when a broker ends before, or all this takes too long.
 */
export async function whenReady(cluster: BrokerCluster, secondsMax: number): Promise<void> {
  const kafka = await openPlatformaticKafka({ clientId: 'millrace-ready', tls: undefined, sasl: undefined });
  const end = performance.now() + secondsMax * 1000;
  for (;;) {
    const problem = await problemOf(kafka, cluster);
    if (problem === undefined) return;
    const ended = cluster.ids.find((id) => !cluster.isRunning(id));
    if (ended !== undefined) throw new Error(`broker ${ended} ended: ${cluster.lastWords(ended)}`);
    if (performance.now() > end)
      throw new Error(`the brokers are not ready after ${secondsMax} s: ${problem}`);
    await pause(100);
  }
}

/** A topic that is made to see whether one can be made, and deleted at once. */
const trial = 'millrace-ready';

/** Why the cluster is not ready yet. */
async function problemOf(kafka: Kafka, cluster: BrokerCluster): Promise<string | undefined> {
  try {
    for (const { address } of cluster.status) await seesAll(kafka, addressOf(address), cluster.ids.length);
    await makesTopics(kafka, addressOf(cluster.status[0]!.address), cluster.ids.length);
    return undefined;
  } catch (error) {
    // A broker that starts refuses connections, ends them, or knows no controller yet.
    if (error instanceof KafkaConnectionError || error instanceof KafkaError) return error.message;
    throw error;
  }
}

async function seesAll(kafka: Kafka, broker: BrokerAddress, count: number): Promise<void> {
  await connected(kafka, broker, async (connection) => {
    const { brokers } = await connection.metadata([]);
    require(brokers.length === count, `port ${broker.port} sees ${brokers.length} of ${count} brokers`);
    await connection.initProducerId();
  });
}

async function makesTopics(kafka: Kafka, broker: BrokerAddress, count: number): Promise<void> {
  await connected(kafka, broker, async (connection) => {
    const error = await connection.createTopic({
      topic: trial,
      partitions: 1,
      replication: count,
      settings: {},
    });
    require(error === 0 || error === alreadyExists, `a topic cannot be made: error ${error}`);
    const { topics } = await connection.metadata([trial]);
    const inSync = topics[0]?.partitions[0]?.inSync.length ?? 0;
    require(inSync === count, `${inSync} of ${count} replicas are in sync`);
    await connection.deleteTopic(trial);
  });
}

/** Kafka protocol guide, "Error Codes". */
const alreadyExists = 36;

async function connected(
  kafka: Kafka,
  broker: BrokerAddress,
  work: (connection: BrokerConnection) => Promise<void>,
): Promise<void> {
  const connection = await kafka.connect(broker);
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

function require(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new KafkaError(0, otherwise);
}

/** Of `host:port`. */
export function addressOf(text: string): BrokerAddress {
  const [host, port] = text.split(':');
  return { host: host!, port: Number(port) };
}
