import { Connection, metadataV12 } from '@platformatic/kafka';

/** A connection of the library, by itself. */
export async function connectedTo(host: string, port: number): Promise<Connection> {
  const connection = new Connection('millrace-bench', { maxInflights: 100, requestTimeout: 60_000 });
  await connection.connect(host, port);
  return connection;
}

/** Who leads each partition of a topic, in their order. */
export async function leadersOf(
  bootstrap: string,
  topic: string,
): Promise<{ readonly partition: number; readonly host: string; readonly port: number }[]> {
  const [host, port] = bootstrap.split(',')[0]!.split(':');
  const connection = await connectedTo(host!, Number(port));
  const { brokers, topics } = await metadataV12.api.async(connection, [topic], false, false);
  await connection.close();
  const partitions = topics[0]!.partitions.toSorted((one, other) => one.partitionIndex - other.partitionIndex);
  return partitions.map(({ partitionIndex: partition, leaderId }) => {
    const leader = brokers.find(({ nodeId }) => nodeId === leaderId)!;
    return { partition, host: leader.host, port: leader.port };
  });
}

/** All topics whose names begin so. */
export async function topicsWith(bootstrap: string, prefix: string): Promise<string[]> {
  const [host, port] = bootstrap.split(',')[0]!.split(':');
  const connection = await connectedTo(host!, Number(port));
  const { topics } = await metadataV12.api.async(connection, null, false, false);
  await connection.close();
  return topics.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
}
