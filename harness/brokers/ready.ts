import { setTimeout as pause } from 'node:timers/promises';
import { Connection, createTopicsV7, deleteTopicsV6, metadataV12 } from '@platformatic/kafka';
import type { BrokerCluster } from './broker-cluster.ts';

/**
 * Resolves when every broker knows all of them, and a topic with a replica at each was made: puts work from
 * then on. Rejects when a broker ends before, or all this takes too long.
 */
export async function whenReady(cluster: BrokerCluster, secondsMax: number): Promise<void> {
  const end = performance.now() + secondsMax * 1000;
  for (;;) {
    const problem = await problemOf(cluster);
    if (problem === undefined) return;
    const ended = cluster.ids.find((id) => !cluster.isRunning(id));
    if (ended !== undefined) throw new Error(`broker ${ended} ended: ${cluster.lastWords(ended)}`);
    if (performance.now() > end)
      throw new Error(`the brokers are not ready after ${secondsMax} s: ${problem}`);
    await pause(200);
  }
}

/** A topic that is made to see whether one can be made, and deleted at once. */
const trial = 'millrace-ready';

/** Why the cluster is not ready yet. */
async function problemOf(cluster: BrokerCluster): Promise<string | undefined> {
  try {
    for (const { address } of cluster.status) await seesAll(address, cluster.ids.length);
    await makesTopics(cluster.status[0]!.address, cluster.ids.length);
    return undefined;
  } catch (error) {
    // A broker that starts refuses connections, ends them, or knows no controller yet.
    return error instanceof Error ? error.message : String(error);
  }
}

async function seesAll(address: string, count: number): Promise<void> {
  await connected(address, async (connection) => {
    const { brokers } = await metadataV12.api.async(connection, [], false, false);
    if (brokers.length < count) throw new Error(`${address} sees ${brokers.length} of ${count} brokers`);
  });
}

async function makesTopics(address: string, count: number): Promise<void> {
  await connected(address, async (connection) => {
    const topic = { name: trial, numPartitions: 1, replicationFactor: count, assignments: [], configs: [] };
    await createTopicsV7.api.async(connection, [topic], 5000, false);
    await deleteTopicsV6.api.async(connection, [{ name: trial }], 5000);
  });
}

async function connected(address: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const [host, port] = address.split(':');
  const connection = new Connection('millrace-ready', { connectTimeout: 2000, requestTimeout: 10_000 });
  try {
    await connection.connect(host!, Number(port));
    await work(connection);
  } finally {
    await connection.close();
  }
}
