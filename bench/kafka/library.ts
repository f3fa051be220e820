import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, metadataV12, ResponseError } from '@platformatic/kafka';

/** A connection of the library, by itself. */
export async function connectedTo(host: string, port: number): Promise<Connection> {
  const connection = new Connection('millrace-bench', { maxInflights: 100, requestTimeout: 60_000 });
  await connection.connect(host, port);
  return connection;
}

export type PartitionLeader = { readonly partition: number; readonly host: string; readonly port: number };

/** Who leads each of so many partitions of a topic, in their order, as soon as all of them are led. */
export async function leadersOf(
  bootstrap: string,
  topic: string,
  partitions: number,
): Promise<PartitionLeader[]> {
  // Brokers hear of a new topic one after the other, and then who leads what.
  for (;;) {
    const { brokers, topics } = await metadata(bootstrap, [topic]);
    const leaders = (topics[0]?.partitions ?? []).flatMap(({ partitionIndex: partition, leaderId }) => {
      const leader = brokers.find(({ nodeId }) => nodeId === leaderId);
      return leader === undefined ? [] : [{ partition, host: leader.host, port: leader.port }];
    });
    if (leaders.length === partitions) return leaders.sort((one, other) => one.partition - other.partition);
    await sleep(20);
  }
}

/** All topics whose names begin so. */
export async function topicsWith(bootstrap: string, prefix: string): Promise<string[]> {
  const { topics } = await metadata(bootstrap, null);
  return topics.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
}

type Metadata = Awaited<ReturnType<typeof metadataV12.api.async>>;

/** What one of the brokers says, with its errors: of all topics, or some. */
async function metadata(bootstrap: string, topics: string[] | null): Promise<Metadata> {
  const connection = await connectedToAny(bootstrap);
  try {
    return await metadataV12.api.async(connection, topics, false, false);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return error['response'] as Metadata;
  } finally {
    await connection.close();
  }
}

async function connectedToAny(bootstrap: string): Promise<Connection> {
  const [first, ...others] = bootstrap.split(',');
  const [host, port] = first!.split(':');
  try {
    return await connectedTo(host!, Number(port));
  } catch (error) {
    if (others.length === 0) throw error;
    return await connectedToAny(others.join(','));
  }
}
