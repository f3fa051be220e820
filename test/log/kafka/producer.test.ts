import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, KafkaWorld, topic } from './world.ts';

const at = (partition: number) => ({ topic, partition });

test('appends of a partition are stored in the order of the calls, and answer where and when', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const client = await world.client();
    await world.makeTopic(client.brokers, 2);
    const appended = await Promise.all([
      client.producer.append(at(0), batchOf('a', 'b')),
      client.producer.append(at(0), { mark: 'between' }),
      client.producer.append(at(1), batchOf('x')),
      client.producer.append(at(0), batchOf('c')),
    ]);
    assert.deepEqual(
      appended.map(({ first }) => first),
      [0, 2, 0, 3],
    );
    for (const { arrival } of appended) assert.ok(Math.abs(arrival - world.clock.now()) < 1000);
    assert.deepEqual(await world.read(client, 0), [
      [0, 'a'],
      [1, 'b'],
      [3, 'c'],
    ]);
  });
});
