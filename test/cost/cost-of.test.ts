import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bill, type BillItem, billIn, costOf, usagesByTag } from '../../src/cost/cost-of.ts';
import type { BillingMode } from '../../src/cost/price-table.ts';
import { plannedUsage, shardsFor, type Usage } from '../../src/cost/usage.ts';
import { usageOfSight } from '../../src/cost/usage-of-sight.ts';

const planned = {
  pollingReaders: 0,
  fanOutReaders: 0,
  retentionHours: 24,
  shards: undefined,
  name: 'orders',
};

function billed(usages: readonly Usage[], mode: BillingMode): Bill {
  return billIn(costOf(usages).bills, mode);
}

/** Cents of an item in a bill, for comparing with sums made by hand. */
function cents(bill: Bill, item: BillItem): number {
  return Math.round(100 * (bill.lines.find((line) => line.item === item)?.usd ?? 0));
}

// The example of AWS's pricing page: 100 records a second of 35 KB, 3.4 MB/s, four shards. A day is 4 shards
// x 24 hours x $0.015 = $1.44, and 100 x 2 units x 86,400 s = 17.28 million units x $0.014 = $0.2419; seven
// days of retention add 4 x 24 x $0.020 = $1.92. A month of 730 hours is 30.4167 days.
test("the example of AWS's pricing page comes to what it says there", () => {
  const load = { ...planned, recordsPerSecond: 100, bytesPerRecord: 35 * 1024, shards: 4 };
  const bill = billed([plannedUsage(load)], 'provisioned');
  assert.equal(cents(bill, 'shard-hours'), 4380); // 1.44 x 30.4167
  assert.equal(cents(bill, 'put-units'), 736); // 0.24192 x 30.4167 = 7.358
  assert.equal(Math.round(bill.usdPerMonth * 100), 5116);
  const week = billed([plannedUsage({ ...load, retentionHours: 168 })], 'provisioned');
  assert.equal(cents(week, 'extended-retention'), 5840); // 1.92 x 30.4167
});

// 100 records of 35 KB are 3,500 KB/s: 3,500 x 2,628,000 s / 1,048,576 = 8,771.90 GB a month, and two
// consumers with a throughput of their own get twice that: 17,543.79 GB x $0.013 = $228.07, and 2 x 4 x 730 h
// x $0.015 = $87.60.
test('a consumer with a throughput of its own costs hours of each shard and each GB', () => {
  const load = { ...planned, recordsPerSecond: 100, bytesPerRecord: 35 * 1024, shards: 4, fanOutReaders: 2 };
  const bill = billed([plannedUsage(load)], 'provisioned');
  assert.equal(cents(bill, 'fan-out-hours'), 8760);
  assert.equal(cents(bill, 'fan-out-data'), 22_807);
  assert.equal(cents(billed([plannedUsage(load)], 'on-demand-standard'), 'fan-out-data'), 87_719);
});

// 1,000 records a second of 1.5 KB count as 2 KB each: 2,000 x 2,628,000 / 1,048,576 = 5,012.51 GB x $0.08 =
// $401.00; three readers get 1.5 KB each time: 3 x 3,759.38 GB x $0.04 = $451.13; 730 x $0.04 = $29.20.
// Thirty days of retention keep 2,000 KB/s for 144 hours (988.77 GB x $0.10) and for 552 hours more (3,790.28
// GB x $0.023).
test('on-demand rounds each record up to whole KB, and bills what lies there after a day', () => {
  const load = {
    ...planned,
    recordsPerSecond: 1000,
    bytesPerRecord: 1536,
    pollingReaders: 3,
    retentionHours: 720,
  };
  const bill = billed([plannedUsage(load)], 'on-demand-standard');
  assert.equal(cents(bill, 'data-in'), 40_100);
  assert.equal(cents(bill, 'data-out'), 45_113);
  assert.equal(cents(bill, 'stream-hours'), 2920);
  assert.equal(cents(bill, 'extended-retention'), 9888);
  assert.equal(cents(bill, 'long-term-retention'), 8718);
  assert.equal(bill.isEstimate, false);
});

// 25 MiB/s are 25 x 2,628,000 / 1,024 = 64,160.16 GB a month: at least $2,053.13 for what is put, at $0.032,
// and $1,026.56 for what is read, at $0.016. 10 MiB/s and two readers leave 15 MiB/s of the first, 5 of the
// second.
test('the commitment of on-demand advantage is for all streams together, and marked as an estimate', () => {
  const idle = billed(
    [plannedUsage({ ...planned, recordsPerSecond: 0, bytesPerRecord: 0 })],
    'on-demand-advantage',
  );
  assert.deepEqual([cents(idle, 'commitment-in'), cents(idle, 'commitment-out')], [205_313, 102_656]);
  assert.equal(idle.isEstimate, true);
  const load = { ...planned, recordsPerSecond: 5 * 1024, bytesPerRecord: 1024, pollingReaders: 2 };
  const halves = [plannedUsage(load), plannedUsage({ ...load, name: 'clicks' })];
  const bill = billed(halves, 'on-demand-advantage');
  assert.deepEqual([cents(bill, 'commitment-in'), cents(bill, 'commitment-out')], [123_188, 20_531]);
  const [first] = costOf(halves).streams;
  assert.equal(cents(billIn(first!.bills, 'on-demand-advantage'), 'commitment-in'), 0);
  // AWS's announcement: it pays from 10 MiB/s on.
  assert.ok(bill.usdPerMonth < billed(halves, 'on-demand-standard').usdPerMonth);
});

test('the cheapest mode comes first, and streams may each have their own', () => {
  const busy = plannedUsage({ ...planned, recordsPerSecond: 2000, bytesPerRecord: 1024, pollingReaders: 3 });
  const wide = {
    ...plannedUsage({ ...planned, recordsPerSecond: 1, bytesPerRecord: 100, shards: 40 }),
    mode: 'on-demand' as const,
  };
  const cost = costOf([busy, wide]);
  assert.deepEqual(
    costOf([busy]).bills.map(({ mode }) => mode),
    ['provisioned', 'on-demand-standard', 'on-demand-advantage'],
  );
  assert.equal(costOf([wide]).bills[0]!.mode, 'on-demand-standard');
  const best = costOf([busy]).bills[0]!.usdPerMonth + costOf([wide]).bills[0]!.usdPerMonth;
  assert.ok(Math.abs(cost.usdMixed - best) < 1e-9);
  assert.ok(Math.abs(cost.usdAsSetUp - best) < 1e-9);
  assert.ok(cost.bills[0]!.usdPerMonth > cost.usdMixed);
});

test('a load takes as many shards as leave a fifth of each unused, by records, bytes and what is read', () => {
  assert.equal(shardsFor({ recordsIn: 0, bytesIn: 0, bytesOut: 0 }), 1);
  assert.equal(shardsFor({ recordsIn: 801, bytesIn: 0, bytesOut: 0 }), 2);
  assert.equal(shardsFor({ recordsIn: 1, bytesIn: 8 * 1024 ** 2, bytesOut: 0 }), 10);
  assert.equal(shardsFor({ recordsIn: 1, bytesIn: 1, bytesOut: 8 * 1024 ** 2 }), 5);
});

const sight = {
  ...{ Name: 'orders', OpenShards: 3, RetentionHours: 48, Tags: { team: 'shop' }, Consumers: 1 },
  Mode: 'PROVISIONED' as const,
  Counts: {
    RecordsIn: 100,
    BytesIn: 50_000,
    PutUnits: 110,
    KilobytesIn: 150,
    BytesOut: 90_000,
    FanOutBytes: 50_000,
  },
};

test('two looks at a stream say what it does in a second, and a count that began anew is no debt', () => {
  const before = { Counts: { ...sight.Counts, RecordsIn: 40, KilobytesIn: 50, BytesOut: 900_000 } };
  const usage = usageOfSight(sight, 20, before);
  assert.deepEqual([usage.recordsIn, usage.kilobytesIn, usage.bytesOut, usage.shards], [3, 5, 0, 3]);
  assert.equal(usageOfSight(sight, 10).recordsIn, 10);
  assert.equal(usageOfSight(sight, 0).recordsIn, 0);
});

test('streams are grouped by the value of a tag, those without it first', () => {
  const usage = (name: string, tags: Record<string, string>): Usage => ({
    ...usageOfSight(sight, 1),
    name,
    tags,
  });
  const groups = usagesByTag(
    [usage('a', { team: 'shop' }), usage('b', {}), usage('c', { team: 'ads' }), usage('d', { team: 'shop' })],
    'team',
  );
  assert.deepEqual(
    [...groups].map(([value, members]) => [value, members.map(({ name }) => name)]),
    [
      ['', ['b']],
      ['ads', ['c']],
      ['shop', ['a', 'd']],
    ],
  );
});
