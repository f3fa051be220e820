import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gateway, Gateways } from './gateways.ts';

/** Which of two gateways has a duty, once somebody has it. */
async function holderOf(name: string, gateways: Gateways, both: readonly Gateway[]): Promise<number> {
  for (const { cluster } of both) cluster.duty(name);
  await gateways.clock.advance(3_000);
  const holders = both.map(({ cluster }) => cluster.duty(name).isOurs());
  assert.equal(holders.filter((isOurs) => isOurs).length, 1);
  return holders.indexOf(true);
}

test('a duty that its holder lets go of is taken by another one that wants it, within seconds', async () => {
  const gateways = new Gateways();
  const both = [await gateways.open(), await gateways.open()];
  const holder = await holderOf('mapping', gateways, both);
  both[holder]!.cluster.letGo('mapping');
  await gateways.clock.advance(3_000);
  assert.equal(both[1 - holder]!.cluster.duty('mapping').isOurs(), true);
  // What is not let go of stays with its holder, however many want it.
  both[holder]!.cluster.duty('mapping');
  await gateways.clock.advance(10_000);
  assert.equal(both[1 - holder]!.cluster.duty('mapping').isOurs(), true);
});

test('who does not hold a duty takes nothing from its holder by letting go of it', async () => {
  const gateways = new Gateways();
  const both = [await gateways.open(), await gateways.open()];
  const holder = await holderOf('mapping', gateways, both);
  both[1 - holder]!.cluster.letGo('mapping');
  await gateways.clock.advance(3_000);
  assert.equal(both[holder]!.cluster.duty('mapping').isOurs(), true);
});

test('a duty that nobody wants any more is forgotten, also when its holder died', async () => {
  const gateways = new Gateways();
  const both = [await gateways.open(), await gateways.open()];
  const known = async () => [...(await gateways.state()).duties.keys()].sort();
  await gateways.clock.advance(3_000);
  const before = await known();
  const holder = await holderOf('mapping', gateways, both);
  assert.deepEqual(await known(), ['mapping', ...before].sort());
  both[1 - holder]!.cluster.letGo('mapping');
  both[holder]!.crash();
  await gateways.clock.advance(90_000);
  // What is wanted always is not forgotten while it goes from one to the other.
  assert.deepEqual(await known(), before);
});
