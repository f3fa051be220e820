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

const shared = Array.from({ length: 20 }, (_, index) => `mapping ${index}`);

/** Hands over what is to move, as one does that has nothing under way. */
function handOverAll(all: readonly Gateway[]): void {
  for (const { cluster } of all)
    for (const name of shared) if (cluster.sharedDuty(name).isToMove()) cluster.sharedDuty(name).handOver();
}

function holdersOf(all: readonly Gateway[]): string[] {
  return shared.map((name) =>
    all.flatMap(({ cluster }, index) => (cluster.sharedDuty(name).isOurs() ? [index] : [])).join(' '),
  );
}

test('a gateway that joins is handed its share of shared duties within a minute, and no other duty', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  for (const name of shared) one.cluster.sharedDuty(name);
  for (const name of shared) one.cluster.duty(`own ${name}`);
  await gateways.clock.advance(3_000);
  assert.deepEqual(new Set(holdersOf([one])), new Set(['0']));
  const other = await gateways.open();
  const both = [one, other];
  holdersOf(both);
  for (const name of shared) other.cluster.duty(`own ${name}`);
  let moved = 0;
  for (let second = 0; second < 60; second++) {
    await gateways.clock.advance(1_000);
    handOverAll(both);
    const now = holdersOf(both).filter((holder) => holder === '1').length;
    // What has moved does not come back.
    assert.ok(now >= moved);
    moved = now;
  }
  assert.ok(moved >= 5 && moved <= 15, `${moved} of ${shared.length} have moved`);
  assert.ok(holdersOf(both).every((holder) => holder === '0' || holder === '1'));
  assert.ok(shared.every((name) => one.cluster.duty(`own ${name}`).isOurs()));
});

test('a shared duty stays with its holder until it is handed over, and comes back when nobody takes it', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  for (const name of shared) one.cluster.sharedDuty(name);
  await gateways.clock.advance(3_000);
  // The other one wants none of them.
  await gateways.open();
  await gateways.clock.advance(30_000);
  assert.deepEqual(new Set(holdersOf([one])), new Set(['0']));
  const toMove = shared.filter((name) => one.cluster.sharedDuty(name).isToMove());
  assert.ok(toMove.length > 0);
  handOverAll([one]);
  // At once, whatever the journal says so far.
  assert.ok(toMove.every((name) => !one.cluster.sharedDuty(name).isOurs()));
  await gateways.clock.advance(10_000);
  assert.deepEqual(new Set(holdersOf([one])), new Set(['0']));
  await gateways.clock.advance(120_000);
  // It was offered, and is not offered again.
  assert.ok(shared.every((name) => !one.cluster.sharedDuty(name).isToMove()));
});
