import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanOut } from '../../src/stream/fan-out.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { World } from './world.ts';

const stream = sampleStream(1);
const shard = stream.shards[0]!;

/** Ten consumers at the beginning of a shard, and how many pages were encoded for them. */
async function consumersOf(world: World) {
  const log = await world.log.open({ stream: '1', shard: 0 });
  let encoded = 0;
  const fanOut = new FanOut((_stream, _shard, { records }) => {
    encoded++;
    return Buffer.from(records.map(({ data }) => String(data)).join());
  });
  const ask = () => fanOut.event(stream, shard, log, 0, world.clock.now());
  return {
    askAll: async () => {
      const events = await Promise.all(Array.from({ length: 10 }, ask));
      return events.map(({ message }) => String(message));
    },
    encoded: () => encoded,
  };
}

test('what ten consumers ask for at once is encoded once', async () => {
  const world = await World.with();
  await world.put(0, 'a', 'b');
  const { askAll, encoded } = await consumersOf(world);
  assert.deepEqual(await askAll(), Array(10).fill('a,b'));
  assert.equal(encoded(), 1);
});

test('an event that is no longer all there is is encoded once more, not once for each who asks', async () => {
  const world = await World.with();
  await world.put(0, 'a');
  const { askAll, encoded } = await consumersOf(world);
  await askAll();
  await world.put(0, 'b');
  assert.deepEqual(await askAll(), Array(10).fill('a,b'));
  assert.equal(encoded(), 2);
});
