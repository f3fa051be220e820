import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryGateways, linesFrom } from './delivery-gateways.ts';

test('what is put at any gateway is delivered by one, and each of them tells of it', async () => {
  const gateways = new DeliveryGateways();
  const [one, two] = [await gateways.start(), await gateways.start()];
  const began = gateways.clock.monotonic();
  await gateways.create(two, 'lines', 1);
  // No gateway waits for its next look: it hears of what there is to do.
  assert.ok(gateways.clock.monotonic() - began < 10_000);
  const lines = [linesFrom('one', 20), linesFrom('two', 20)] as const;
  await gateways.put(one, 'lines', ...lines[0]);
  await gateways.put(two, 'lines', ...lines[1]);
  await gateways.until(() => gateways.linesOf('lines').length >= 40);
  assert.deepEqual(gateways.linesOf('lines'), lines.flat().sort());
  assert.equal(new Set(gateways.puts.map(({ gateway }) => gateway)).size, 1);
  for (const gateway of [one, two]) {
    await gateways.until(async () => (await gateways.deliveries(gateway))[0]?.Records === 40);
    const [seen, ...others] = await gateways.deliveries(gateway);
    assert.deepEqual([seen?.Name, seen?.State, others.length], ['lines', 'running', 0]);
  }
  await gateways.close(one, two);
});
