import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryTestWorld } from './delivery-test-world.ts';

test('records are in an object once there are enough of them', async () => {
  const world = await DeliveryTestWorld.with();
  world.start();
  const lines = Array.from({ length: 30 }, (_, index) => `record ${index}`);
  for (const line of lines) await world.put(0, line);
  await world.until(() => world.delivered.length === lines.length);
  assert.deepEqual(world.delivered, [...lines].sort());
  await world.stop();
});
