import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../services/kinesis/manual-clock.ts';
import { type Subscriber, textsOf } from '../services/kinesis/subscriber.ts';
import { TestCluster, type TestGateway } from './test-cluster.ts';

// One subscription for a consumer and a shard over all gateways, wherever its clients connect.

/** Three gateways, a stream of one shard with a consumer, and who decides about its subscription. */
async function start() {
  const cluster = await TestCluster.of(3, { limits: 'none' });
  const { client } = cluster.gateways[0]!;
  await client.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await client.active('s');
  const [{ streamARN }] = [{ streamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }];
  type Registered = { Consumer: { ConsumerARN: string } };
  const named = { StreamARN: streamARN, ConsumerName: 'c' };
  const { Consumer } = await client.call<Registered>('RegisterStreamConsumer', named);
  const consumers = () => [...cluster.control.catalog.state.streams.values()][0]!.consumers;
  while (consumers()[0]?.status !== 'ACTIVE') await settled();
  const [stream] = [...cluster.control.catalog.state.streams.values()];
  const owner = cluster.ownerOf(`${stream!.id}/c/${consumers()[0]!.createdAt}/0`);
  const asked = {
    ConsumerARN: Consumer.ConsumerARN,
    ShardId: '0',
    StartingPosition: { Type: 'TRIM_HORIZON' },
  };
  return { cluster, owner, others: cluster.othersThan(owner) as [TestGateway, TestGateway], asked };
}

async function put({ client }: TestGateway, text: string): Promise<void> {
  const Data = Buffer.from(text).toString('base64');
  await client.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
}

/** Reads until the texts have come. */
async function heard(subscriber: Subscriber, ...texts: string[]): Promise<void> {
  const came: string[] = [];
  while (came.length < texts.length) came.push(...textsOf(await subscriber.next()));
  assert.deepEqual(came, texts);
}

test('a second subscription is refused for five seconds at every gateway, and then takes over', async () => {
  const { cluster, owner, others, asked } = await start();
  await using _ = cluster;
  const first = await others[0].client.subscribe(asked);
  await put(others[1], 'a');
  await heard(first, 'a');
  for (const { client } of [owner, ...others]) {
    await assert.rejects(client.subscribe(asked), /ResourceInUseException/);
  }
  await cluster.clock.advance(5_000);
  const second = await others[1].client.subscribe(asked);
  await put(owner, 'b');
  await heard(second, 'a', 'b');
  for (;;) {
    const event = await first.next();
    if (event === undefined) break;
    if (JSON.stringify(event).includes('ResourceInUseException')) break;
  }
});
