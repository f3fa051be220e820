import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainBatch, recordsIn } from '../../harness/kafka/plain-batch.ts';
import type { BrokerConnection, FetchRequest, PartitionOf } from '../../src/env/kafka.ts';
import type { SpokenVersions } from '../../src/env/platformatic/apis.ts';
import { brokerLimits, PlatformaticConnection } from '../../src/env/platformatic/broker-connection.ts';
import { knownApis } from '../../src/env/platformatic/known-apis.ts';
import { openLine, spokenVersions } from '../../src/env/platformatic/open-line.ts';
import type { RealCluster } from './real-cluster.ts';

/** What the client of brokers adds to the port: old versions of the protocol, large and many requests. */
export function adapterSuite(cluster: RealCluster): void {
  suite('the client of real brokers', () => {
    oldVersions(cluster);
    largeAndMany(cluster);
  });
}

function oldVersions(cluster: RealCluster): void {
  for (const speaks of [
    { produce: 7, fetch: 11, metadata: 7, listOffsets: 2, initProducerId: 1 },
    { produce: 8, fetch: 11, metadata: 8, listOffsets: 4, initProducerId: 2 },
    { produce: 9, fetch: 12, metadata: 9, listOffsets: 6, initProducerId: 3 },
    { produce: 10, fetch: 12, metadata: 11, listOffsets: 8, initProducerId: 4 },
  ]) {
    const named = Object.entries(speaks).map(([api, version]) => `${api} ${version}`);
    test(`a broker that speaks no more than ${named.join(', ')} is understood`, async () => {
      const topic = await cluster.makeTopic();
      const leader = await cluster.leaderOf(topic, 0);
      const connection = await narrowed(cluster, leader, [
        { key: 0, last: speaks.produce },
        { key: 1, last: speaks.fetch },
        { key: 2, last: speaks.listOffsets },
        { key: 3, last: speaks.metadata },
        { key: 22, last: speaks.initProducerId },
      ]);
      const { topics } = await connection.metadata([topic]);
      assert.deepEqual(
        topics[0]!.partitions.map((partition) => partition.leader),
        [leader],
      );
      const { id, epoch } = await connection.initProducerId();
      const bytes = plainBatch({ values: ['a', 'b'], producer: { id, epoch, sequence: 0 } });
      const [said] = await connection.produce({ timeoutMs, batches: [{ topic, partition: 0, bytes }] });
      assert.deepEqual([said?.error, said?.first, said?.start], [0, 0, 0]);
      assert.deepEqual(await valuesOf(connection, { topic, partition: 0 }), ['a', 'b']);
      const [end] = await connection.listOffsets([{ topic, partition: 0, time: 'latest' }]);
      assert.deepEqual(end, { topic, partition: 0, error: 0, offset: 2 });
      connection.close();
    });
  }
}

function largeAndMany(cluster: RealCluster): void {
  test('batches of several topics go in one request, and each partition has its own answer', async () => {
    const names = [await cluster.makeTopic(3), await cluster.makeTopic(3)];
    const connection = await cluster.connect(1);
    const batches = names.flatMap((topic) =>
      [0, 1, 2, 3].map((partition) => ({ topic, partition, bytes: plainBatch({ values: ['x'] }) })),
    );
    const said = await connection.produce({ timeoutMs, batches });
    const leaders = (await connection.metadata(names)).topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, leader }) => ({ topic, partition, leader })),
    );
    for (const { topic, partition, error, first } of said) {
      const known = leaders.find((each) => each.topic === topic && each.partition === partition);
      // Of the fourth partition, which is not there, and of those that another broker leads.
      const expected = known === undefined ? 3 : known.leader === 1 ? 0 : 6;
      assert.deepEqual([error, first], [expected, expected === 0 ? 0 : -1]);
    }
    assert.equal(said.length, batches.length);
    connection.close();
  });

  test('many requests are under way at once, and keep their order', async () => {
    const topic = await cluster.makeTopic();
    const connection = await cluster.connect(await cluster.leaderOf(topic, 0));
    const values = Array.from({ length: 200 }, (_, index) => String(index));
    const said = await Promise.all(
      values.map((value) => {
        const batches = [{ topic, partition: 0, bytes: plainBatch({ values: [value] }) }];
        return connection.produce({ timeoutMs, batches });
      }),
    );
    assert.deepEqual(
      said.map(([answer]) => answer!.first),
      values.map(Number),
    );
    assert.deepEqual(await valuesOf(connection, { topic, partition: 0 }), values);
    connection.close();
  });

  test('a record of 10 MiB arrives, and is read whole by who asks for less', async () => {
    const topic = await cluster.makeTopic(1, { 'max.message.bytes': String(11 * 1024 * 1024) });
    const connection = await cluster.connect(await cluster.leaderOf(topic, 0));
    const value = Buffer.alloc(10 * 1024 * 1024, 'large');
    const batches = [{ topic, partition: 0, bytes: plainBatch({ values: [value, 'small'] }) }];
    assert.equal((await connection.produce({ timeoutMs, batches }))[0]!.error, 0);
    // The first batch is handed over whole, whatever its size (KIP-74).
    const { partitions } = await connection.fetch(fetchOf({ topic, partition: 0 }, { bytesMax: 1000 }));
    const found = recordsIn(partitions[0]!.bytes);
    assert.deepEqual(
      found.map((each) => each.value.length),
      [value.length, 5],
    );
    const tooLarge = [{ topic, partition: 0, bytes: plainBatch({ values: [Buffer.alloc(12e6)] }) }];
    assert.equal((await connection.produce({ timeoutMs, batches: tooLarge }))[0]!.error, 10);
    connection.close();
  });

  test('a checksum is that of RFC 9260', () => {
    assert.equal(cluster.kafka.crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(cluster.kafka.crc32c(Buffer.alloc(0)), 0);
  });
}

export const timeoutMs = 60_000;

/** As one fetch asks for all of a partition. */
export function fetchOf(
  partition: PartitionOf,
  limits: { bytesMax?: number; from?: number } = {},
): FetchRequest {
  const { bytesMax = 50_000_000, from = 0 } = limits;
  return {
    ...{ waitMs: 0, bytesMin: 1, bytesMax, rack: '' },
    session: { id: 0, epoch: -1 },
    partitions: [{ ...partition, from, bytesMax }],
    forgotten: [],
  };
}

export async function valuesOf(connection: BrokerConnection, partition: PartitionOf): Promise<string[]> {
  const { partitions } = await connection.fetch(fetchOf(partition));
  assert.equal(partitions[0]!.error, 0);
  return recordsIn(partitions[0]!.bytes).map(({ value }) => value);
}

/** A connection to a broker that is taken for an older one. */
async function narrowed(
  cluster: RealCluster,
  id: number,
  limits: readonly { readonly key: number; readonly last: number }[],
): Promise<PlatformaticConnection> {
  const library = await import('@platformatic/kafka');
  const settings = { clientId: 'old', tls: undefined, sasl: undefined };
  const line = await openLine(library, settings, cluster.addresses[id - 1]!);
  const spoken = new Map<number, { first: number; last: number }>(await spokenVersions(library, line));
  for (const { key, last } of limits) spoken.set(key, { first: spoken.get(key)!.first, last });
  return new PlatformaticConnection(line, spoken satisfies SpokenVersions, knownApis(library), brokerLimits);
}
