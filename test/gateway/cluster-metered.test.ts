import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '../../src/stream/meter/counts.ts';
import { TestCluster, type TestGateway } from './test-cluster.ts';

const putTo = async ({ client }: TestGateway, key: string, times: number): Promise<void> => {
  const Records = Array.from({ length: times }, () => ({ PartitionKey: key, Data: 'eA==' }));
  await client.call('PutRecords', { StreamName: 's', Records });
};

const recordsIn = ({ shards }: Reading): number => shards.reduce((sum, counts) => sum + counts.recordsIn, 0);

test('what all gateways have counted is told by any of them, each record once, and what one has by itself', async () => {
  await using cluster = await TestCluster.of(3, { limits: 'none' });
  const [first, second, third] = cluster.gateways as [TestGateway, TestGateway, TestGateway];
  await first.client.call('CreateStream', { StreamName: 's', ShardCount: 3 });
  await first.client.active('s');
  await putTo(first, 'one', 5);
  await putTo(second, 'two', 7);
  await putTo(third, 'three', 11);
  for (const gateway of cluster.gateways) assert.equal(recordsIn(await gateway.readings.read('cluster')), 23);
  assert.equal(recordsIn(await second.readings.read('server')), 7);
  const [stream] = [...cluster.control.catalog.state.streams.values()];
  const heat = await first.readings.heatOf(stream!.id);
  const keys = [...heat.values()].flatMap(({ hotKeys }) => hotKeys.map(({ key }) => key));
  assert.deepEqual(keys.sort(), ['one', 'three', 'two']);
  third.kill();
  while (first.peers.linkTo(third.member) !== undefined) await cluster.clock.advance(1);
  assert.equal(recordsIn(await first.readings.read('cluster')), 12);
});
