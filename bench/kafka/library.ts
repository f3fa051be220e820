import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, metadataV12 } from '@platformatic/kafka';

/** A connection of the library, by itself. */
export async function connectedTo(host: string, port: number): Promise<Connection> {
  const connection = new Connection('millrace-bench', { maxInflights: 100, requestTimeout: 60_000 });
  await connection.connect(host, port);
  return connection;
}

/** Who leads each of so many partitions of a topic, in their order, as soon as all of them are led. */
export async function leadersOf(
  bootstrap: string,
  topic: string,
  partitions: number,
): Promise<{ readonly partition: number; readonly host: string; readonly port: number }[]> {
  const [host, port] = bootstrap.split(',')[0]!.split(':');
  const connection = await connectedTo(host!, Number(port));
  for (;;) {
    const { brokers, topics } = await metadataV12.api.async(connection, [topic], false, false);
    const leaders = topics[0]!.partitions.flatMap(({ partitionIndex: partition, leaderId }) => {
      const leader = brokers.find(({ nodeId }) => nodeId === leaderId);
      return leader === undefined ? [] : [{ partition, host: leader.host, port: leader.port }];
    });
    // Brokers hear of a new topic one after the other, and then who leads what.
    if (leaders.length === partitions) {
      await connection.close();
      return leaders.sort((one, other) => one.partition - other.partition);
    }
    await sleep(20);
  }
}

/** All topics whose names begin so. */
export async function topicsWith(bootstrap: string, prefix: string): Promise<string[]> {
  const [host, port] = bootstrap.split(',')[0]!.split(':');
  const connection = await connectedTo(host!, Number(port));
  const { topics } = await metadataV12.api.async(connection, null, false, false);
  await connection.close();
  return topics.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
}
