import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../services/kinesis/manual-clock.ts';
import type { Subscriber } from '../services/kinesis/subscriber.ts';
import { TestCluster, type TestGateway } from './test-cluster.ts';

// One subscription for a consumer and a shard over all gateways, wherever its clients connect.

/** Three gateways, a stream of one shard with a consumer, and who decides about its subscription. */
async function start() {
  const cluster = await TestCluster.of(3, { limits: 'none' });
  const { client } = cluster.gateways[0]!;
  await client.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await client.active('s');
  type Registered = { Consumer: { ConsumerARN: string } };
  const named = { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s', ConsumerName: 'c' };
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

/** Asks until it holds: nothing here waits for anything but its turn. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (await holds()) return;
    await settled();
  }
  assert.fail('it never came to that');
}

async function heard(subscriber: Subscriber, ...texts: string[]): Promise<void> {
  const came: string[] = [];
  await eventually(async () => {
    came.push(...(await subscriber.texts()));
    return came.length >= texts.length;
  });
  assert.deepEqual(came, texts);
}

/** The exception that a subscription ends with, if it ends with one. */
async function exceptionOf(subscriber: Subscriber): Promise<string | undefined> {
  let exception: Awaited<ReturnType<Subscriber['exception']>>;
  await eventually(async () => {
    exception ??= await subscriber.exception();
    return subscriber.ended;
  });
  return exception?.type;
}

test('a second subscription is refused for five seconds at every gateway, and then takes over', async () => {
  const { cluster, owner, others, asked } = await start();
  await using _ = cluster;
  const first = await others[0].client.subscribe(asked);
  await put(others[1], 'a');
  await heard(first, 'a');
  await cluster.clock.advance(4_999);
  for (const { client } of [owner, ...others]) {
    await assert.rejects(client.subscribe(asked), /ResourceInUseException/);
  }
  await cluster.clock.advance(1);
  const second = await others[1].client.subscribe(asked);
  assert.equal(await exceptionOf(first), 'ResourceInUseException');
  await put(owner, 'b');
  await heard(second, 'a', 'b');
  await second.leave();
});

test('a consumer that leaves lets the next one in, at another gateway', async () => {
  const { cluster, others, asked } = await start();
  await using _ = cluster;
  const first = await others[0].client.subscribe(asked);
  await cluster.clock.advance(5_000);
  await first.leave();
  const second = await others[1].client.subscribe(asked);
  await put(others[0], 'a');
  await heard(second, 'a');
  await second.leave();
});

test('when the owner of a subscription goes, it goes on, and its next owner bars others and hands it over', async () => {
  const { cluster, owner, others, asked } = await start();
  await using _ = cluster;
  const first = await others[0].client.subscribe(asked);
  await put(others[1], 'a');
  await heard(first, 'a');
  owner.kill();
  cluster.expire(owner);
  await put(others[1], 'b');
  await heard(first, 'b');
  await assert.rejects(others[1].client.subscribe(asked), /ResourceInUseException/);
  await cluster.clock.advance(5_000);
  const second = await others[1].client.subscribe(asked);
  assert.equal(await exceptionOf(first), 'ResourceInUseException');
  await heard(second, 'a', 'b');
  await second.leave();
});

test('when a gateway joins that owns the subscription, it is asked from then on', async () => {
  const { cluster, owner, others, asked } = await start();
  await using _ = cluster;
  cluster.expire(owner);
  await eventually(() => others.every(({ peers }) => peers.linkTo(owner.member) === undefined));
  const first = await others[0].client.subscribe(asked);
  await cluster.clock.advance(5_000);
  cluster.membership.set([...cluster.membership.live, owner.member]);
  await cluster.connected();
  await put(others[0], 'a');
  await heard(first, 'a');
  await assert.rejects(owner.client.subscribe(asked), /ResourceInUseException/);
  await first.leave();
});
