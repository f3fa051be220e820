import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { leaseMs, patienceMs } from '../../src/cluster/lease.ts';
import { Gateways } from './gateways.ts';

const shard = { stream: 'orders', shard: 0 };

/** Whether a gateway would acknowledge what a broker answers now. */
function acknowledges({ places }: Cluster): boolean {
  return places.verdict(shard, 0) === 'acknowledge';
}

function addresses({ members }: Cluster): string[] {
  return members
    .live()
    .map(({ address }) => address)
    .sort();
}

test('gateways know each other, and go on knowing each other', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  await gateways.clock.advance(60_000);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1', 'gateway-2:1']);
  assert.deepEqual(addresses(two.cluster), ['gateway-1:1', 'gateway-2:1']);
  assert.deepEqual(one.cluster.members.live(), two.cluster.members.live());
});

test('a gateway that crashes is taken for gone once its lease is over, and not before', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  await gateways.clock.advance(2_900);
  two.crash();
  await gateways.clock.advance(leaseMs - 3_000);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1', 'gateway-2:1']);
  await gateways.clock.advance(4_200);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1']);
  assert.equal((await gateways.state()).members.size, 1);
});

test('a gateway that is heard of again right before it would be removed stays', async () => {
  const gateways = new Gateways();
  const held: (() => void)[] = [];
  let isHeld = false;
  await gateways.open({
    step: async (what) => {
      if (isHeld && what === 'control append') await new Promise<void>((goOn) => held.push(goOn));
    },
  });
  const two = await gateways.open();
  await gateways.clock.advance(1);
  two.isCutOff = true;
  await gateways.clock.advance(leaseMs - 500);
  // The first one finds the other silent, but its commits take long.
  isHeld = true;
  await gateways.clock.advance(2_000);
  two.isCutOff = false;
  await gateways.clock.advance(1_100);
  isHeld = false;
  for (const goOn of held) goOn();
  await gateways.clock.advance(100);
  assert.ok(held.length > 0);
  assert.deepEqual([...(await gateways.state()).members.keys()], [1, 2]);
});

test('a gateway that leaves is gone at once, for all', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  const changed = one.cluster.members.changed(AbortSignal.timeout(60_000));
  await gateways.clock.advance(1);
  await two.cluster.close();
  await changed;
  await gateways.clock.advance(1);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1']);
});

test('a gateway that nobody heard for long acknowledges nothing, and joins again by itself', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  await one.cluster.places.assign('orders', [0]);
  await gateways.clock.advance(1);
  assert.equal(acknowledges(two.cluster), true);
  two.isCutOff = true;
  await gateways.clock.advance(leaseMs + 1);
  assert.equal(acknowledges(two.cluster), false);
  await gateways.clock.advance(5_000);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1']);
  two.isCutOff = false;
  await gateways.clock.advance(4_000);
  assert.equal(acknowledges(two.cluster), true);
  assert.deepEqual(addresses(one.cluster), ['gateway-1:1', 'gateway-2:1']);
});

test('who waits for a lease goes on once there is one', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const { places } = one.cluster;
  await places.assign('orders', [0]);
  await gateways.clock.advance(1);
  one.isCutOff = true;
  await gateways.clock.advance(leaseMs);
  assert.equal(acknowledges(one.cluster), false);
  let isOver = false;
  const changed = places.changed(new AbortController().signal).then(() => {
    isOver = true;
  });
  await gateways.clock.advance(leaseMs);
  assert.equal(isOver, false);
  one.isCutOff = false;
  await gateways.clock.advance(3_000);
  await changed;
  assert.equal(acknowledges(one.cluster), true);
});

test('while the journal takes no commits, gateways go on until their leases are over, and recover', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  await one.cluster.places.assign('orders', [0]);
  await gateways.clock.advance(3_000);
  gateways.isControlDown = true;
  await gateways.clock.advance(leaseMs - 3_500);
  assert.deepEqual([acknowledges(one.cluster), acknowledges(two.cluster)], [true, true]);
  await assert.rejects(one.cluster.places.assign('other', [0]), { name: /Unavailable|UnknownOutcome/ });
  await gateways.clock.advance(60_000);
  assert.deepEqual([acknowledges(one.cluster), acknowledges(two.cluster)], [false, false]);
  gateways.isControlDown = false;
  await gateways.clock.advance(4_000);
  assert.deepEqual([acknowledges(one.cluster), acknowledges(two.cluster)], [true, true]);
  // Nobody was taken for gone: who hears nothing does not know who is silent.
  assert.deepEqual([...(await gateways.state()).members.keys()], [1, 2]);
});

test('a lease counts from when its heartbeat was sent, not from when it was known to be there', async () => {
  const gateways = new Gateways();
  const sentAt: number[] = [];
  let isSlow = false;
  const one = await gateways.open({
    step: async (what) => {
      if (!isSlow) return;
      if (what === 'control append') sentAt.push(gateways.clock.monotonic());
      if (what === 'control appended') await gateways.clock.sleep(sentAt.length === 1 ? 5_000 : 1_000_000);
    },
  });
  await one.cluster.places.assign('orders', [0]);
  await gateways.clock.advance(1_500);
  isSlow = true;
  // One heartbeat is known five seconds after it was sent, and none after it.
  await gateways.clock.advance(8_500);
  await gateways.clock.advance(sentAt[0]! + leaseMs - 1 - gateways.clock.monotonic());
  assert.equal(acknowledges(one.cluster), true);
  await gateways.clock.advance(1);
  assert.equal(acknowledges(one.cluster), false);
});

test('a machine that was suspended with its clock standing still acknowledges nothing before a heartbeat', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  await one.cluster.places.assign('orders', [0]);
  assert.equal(acknowledges(one.cluster), true);
  one.clock.jump(leaseMs);
  assert.equal(acknowledges(one.cluster), false);
  await gateways.clock.advance(1_000);
  assert.equal(acknowledges(one.cluster), true);
});

test("a duty is one member's at a time, and the next has a higher number", async () => {
  const gateways = new Gateways();
  const both = [await gateways.open(), await gateways.open()];
  const duties = both.map(({ cluster }) => cluster.duty('scaling'));
  await gateways.clock.advance(2_000);
  const [first] = both.filter((_, index) => duties[index]!.isOurs());
  assert.equal(duties.filter((duty) => duty.isOurs()).length, 1);
  assert.deepEqual(
    duties.map((duty) => duty.holder()),
    [first!.cluster.members.self, first!.cluster.members.self],
  );
  const number = duties[0]!.number;
  first!.crash();
  const mine = duties[both.indexOf(first!)]!;
  const other = duties[1 - both.indexOf(first!)]!;
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 50) {
    await gateways.clock.advance(50);
    assert.equal(mine.isOurs() && other.isOurs(), false);
  }
  assert.deepEqual([mine.isOurs(), other.isOurs()], [false, true]);
  assert.ok(other.number > number);
});

test('who leaves hands its duties over within a second or two', async () => {
  const gateways = new Gateways();
  const both = [await gateways.open(), await gateways.open()];
  const names = ['scaling', 'retention', 'tables', 'metrics'];
  const duties = both.map(({ cluster }) => names.map((name) => cluster.duty(name)));
  await gateways.clock.advance(2_000);
  await both[0]!.cluster.close();
  assert.ok(duties[0]!.every((duty) => !duty.isOurs()));
  await gateways.clock.advance(2_000);
  assert.ok(duties[1]!.every((duty) => duty.isOurs()));
});

test('heartbeats of an hour fit in few bytes', async () => {
  const gateways = new Gateways();
  for (let count = 0; count < 3; count++) await gateways.open();
  const before = await gateways.journalBytes();
  await gateways.clock.advance(60_000);
  const beats = 3 * (60_000 / 3_000);
  assert.ok((await gateways.journalBytes()) - before <= beats * 150);
});

test('a gateway that cannot say that it leaves ends all the same, and acknowledges nothing', async () => {
  const gateways = new Gateways();
  const one = await gateways.open();
  const two = await gateways.open();
  await one.cluster.places.assign('orders', [0]);
  await gateways.clock.advance(1);
  one.isCutOff = true;
  await one.cluster.close();
  assert.equal(acknowledges(one.cluster), false);
  await gateways.clock.advance(patienceMs + 1_000);
  assert.deepEqual(addresses(two.cluster), ['gateway-2:1']);
});

test('what is in the journal and is no record is not asked for in a circle', async () => {
  const gateways = new Gateways();
  let reads = 0;
  await gateways.open({
    step: async (what) => {
      if (what === 'control read') reads += 1;
    },
  });
  // As where the last offset is a mark of somebody's transaction.
  gateways.control.grown = async () => {};
  await gateways.clock.advance(10_000);
  reads = 0;
  await gateways.clock.advance(10_000);
  assert.ok(reads < 100, String(reads));
});

test('a gateway that meets an edit it does not know ends', async () => {
  const gateways = new Gateways();
  await gateways.open();
  const journal = await gateways.journal();
  const { version } = journal.state;
  const data = Buffer.from(JSON.stringify({ format: 1, after: version, edits: [{ kind: 'moved' }] }));
  const { encodeBatch } = await import('../../src/kinesis/record.ts');
  await gateways.control.append(
    { stream: 'cluster', shard: 0 },
    encodeBatch([{ partitionKey: 'x/1', data }]),
  );
  await gateways.clock.advance(patienceMs);
  assert.match(String(gateways.failures[0]), /written by a newer Millrace/);
});
