import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stream } from '../../../src/kinesis/stream.ts';
import { expiredShards, noCounts } from '../../../src/stream/meter/counts.ts';
import { pageMax } from '../../../src/stream/meter/meter-page.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { MeterWorld, pagesOf } from './meter-world.ts';

const one = sampleStream(1);
const shardOfOne = one.shards[0]!;
const hour = 3_600_000;

test('a record is billed as at AWS: by 25 KB or by 1 KB, rounded up each', () => {
  const world = new MeterWorld([one]);
  const billed = (bytes: number) => {
    const before = world.countsOf(one, 0) ?? noCounts;
    world.put(one, [{ bytes }]);
    const { putUnits, kilobytesIn } = world.countsOf(one, 0)!;
    return [putUnits - before.putUnits, kilobytesIn - before.kilobytesIn];
  };
  assert.deepEqual(billed(1), [1, 1]);
  assert.deepEqual(billed(1_024), [1, 1]);
  assert.deepEqual(billed(1_025), [1, 2]);
  assert.deepEqual(billed(25_600), [1, 25]);
  assert.deepEqual(billed(25_601), [2, 26]);
  // AWS's own example on the pricing page.
  assert.deepEqual(billed(45 * 1024), [2, 45]);
});

test('what was refused or has failed is not counted as acknowledged', () => {
  const stream = sampleStream(3);
  const world = new MeterWorld([stream]);
  const outcomes = [world.stored(), { kind: 'throttled' }, { kind: 'failed', cause: 'disk' }] as const;
  const records = Array.from({ length: 60 }, (_, nth) => ({ key: `k${nth}` }));
  const { parts } = world.put(stream, records, { outcomeOf: (shard) => outcomes[shard]! });
  const countIn = (shard: number) => parts.find((part) => part.shard.index === shard)!.count;
  const counted = [0, 1, 2].map((shard) => world.countsOf(stream, shard));
  assert.deepEqual(
    counted.map((counts) => [counts?.recordsIn ?? 0, counts?.recordsThrottled ?? 0]),
    [
      [countIn(0), 0],
      [0, countIn(1)],
      [0, 0],
    ],
  );
  const [producer] = world.read().producers;
  assert.deepEqual([producer!.name, producer!.records], ['someone', countIn(0)]);
});

test('what was counted of a shard that expired stays with its stream, and of a stream that is gone nothing', () => {
  const stream = sampleStream(3);
  const other = sampleStream(1, { id: '2', name: 'other' });
  const world = new MeterWorld([stream, other]);
  const records = Array.from({ length: 90 }, (_, nth) => ({ key: `k${nth}` }));
  world.put(stream, records);
  world.put(other, records);
  const before = world.read().shards.map(({ recordsIn }) => recordsIn);
  world.have([{ ...stream, shards: stream.shards.slice(2) }]);
  const { shards } = world.read();
  assert.deepEqual(
    shards.map(({ stream: id, shard }) => [id, shard]).sort(),
    [
      ['1', 2],
      ['1', expiredShards],
    ].sort(),
  );
  const recordsOf = (shard: number) => shards.find((counts) => counts.shard === shard)?.recordsIn;
  assert.equal(recordsOf(expiredShards), 90 - recordsOf(2)!);
  assert.equal(
    before.reduce((sum, count) => sum + count),
    180,
  );
  // The rows that were given back begin at nothing.
  world.have([stream, other]);
  world.put(other, records.slice(0, 1));
  assert.equal(world.countsOf(other, 0)!.recordsIn, 1);
});

test('rows are used again: streams that come and go take no more than those that are there', () => {
  const world = new MeterWorld([]);
  for (let nth = 0; nth < 1_000; nth++) {
    const stream: Stream = { ...sampleStream(4), id: String(nth) };
    world.have([stream]);
    world.put(
      stream,
      Array.from({ length: 12 }, (_, key) => ({ key: `k${key}` })),
    );
  }
  // Rows that nobody gave back would be 4,000, on eight pages.
  assert.equal(pagesOf(world.meter).filter(({ shards }) => shards !== undefined).length, 1);
  assert.equal(world.read().shards.length, 4);
});

test('a reader is known by its name, by what it read and by how old that was, for an hour', async () => {
  const world = new MeterWorld([one]);
  const given = { records: 3, content: 30, behind: 4_000, next: 3 };
  world.meter.didRead(one, shardOfOne, given, 'arn:reader');
  world.meter.didRead(one, shardOfOne, { records: 2, content: 20, behind: 0, next: 5 }, 'arn:reader');
  world.meter.didSend(one, shardOfOne, given, 'billing');
  const at = world.clock.now();
  const common = { stream: '1', shard: 0, at };
  assert.deepEqual(world.read().readers, [
    { ...common, kind: 'polling', name: 'arn:reader', records: 5, bytes: 50, ageMs: 0, next: 5 },
    { ...common, kind: 'fan-out', name: 'billing', records: 3, bytes: 30, ageMs: 4_000, next: 3 },
  ]);
  const { recordsOut, bytesOut, fanOutRecords, fanOutBytes } = world.countsOf(one, 0)!;
  assert.deepEqual([recordsOut, bytesOut, fanOutRecords, fanOutBytes], [5, 50, 3, 30]);
  await world.clock.advance(hour / 2);
  world.meter.didSend(one, shardOfOne, given, 'billing');
  await world.clock.advance(hour / 2 + 1);
  assert.deepEqual(
    world.read().readers.map(({ name, records }) => [name, records]),
    [['billing', 6]],
  );
  assert.equal(world.countsOf(one, 0)!.recordsOut, 5);
});

test('who says that he is somebody else each time makes a meter forget others, and no larger', async () => {
  const world = new MeterWorld([one]);
  const given = { records: 1, content: 1, behind: 0, next: 1 };
  world.meter.didRead(one, shardOfOne, given, 'early');
  await world.clock.advance(1);
  for (let nth = 0; nth < 20_500; nth++) world.meter.didRead(one, shardOfOne, given, `agent ${nth}`);
  const names = new Set(world.read().readers.map(({ name }) => name));
  assert.ok(names.size <= 20_000, String(names.size));
  assert.ok(names.has('agent 20499') && !names.has('early'));
});

test('calls are counted by how long they took and by what came of them', async () => {
  const world = new MeterWorld([]);
  const call = {
    service: 'kinesis',
    operation: 'PutRecords',
    resource: 'arn',
    caller: 'me',
    requestId: 'id',
  };
  const ended = async (millis: number, error?: { type: string; status: number }) => {
    const startedAt = world.meter.now();
    await world.clock.advance(millis);
    world.meter.ended({ ...call, error }, startedAt);
  };
  await ended(0.5);
  await ended(0.6);
  await ended(20_000, { type: 'InternalFailure', status: 500 });
  await ended(1, { type: 'ValidationException', status: 400 });
  await ended(1, { type: 'LimitExceededException', status: 400 });
  const { operations, slowCalls, limitsHit } = world.read();
  assert.deepEqual(operations, [
    {
      ...{ operation: 'kinesis:PutRecords', calls: 5, clientErrors: 2, serverErrors: 1, throttled: 1 },
      buckets: [1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      seconds: operations[0]!.seconds,
    },
  ]);
  assert.ok(Math.abs(operations[0]!.seconds - 20.0031) < 1e-4);
  assert.deepEqual(
    slowCalls.map(({ millis, requestId }) => [millis, requestId]),
    [[20_000, 'id']],
  );
  assert.deepEqual(
    limitsHit.map(({ limit, resource, count }) => [limit, resource, count]),
    [['LimitExceededException of kinesis:PutRecords', 'arn', 1]],
  );
});

test('of slow calls the hundred slowest of the last quarter of an hour are told, the newest first', async () => {
  const world = new MeterWorld([]);
  const slow = async (millis: number) => {
    const startedAt = world.meter.now();
    await world.clock.advance(millis);
    const call = { service: 's', operation: 'o', resource: undefined, caller: '', requestId: '' };
    world.meter.ended({ ...call, error: undefined }, startedAt);
  };
  for (let nth = 0; nth < 150; nth++) await slow(100 + ((nth * 37) % 150));
  const told = world.read().slowCalls.map(({ millis }) => millis);
  assert.equal(told.length, 100);
  assert.equal(Math.min(...told), 150);
  assert.ok(world.read().slowCalls.every(({ at }, nth, all) => nth === 0 || at <= all[nth - 1]!.at));
  await world.clock.advance(900_001);
  assert.deepEqual(world.read().slowCalls, []);
  await slow(11);
  assert.equal(world.read().slowCalls.length, 1);
});

test('10,000 shards are told a page at a time', () => {
  const stream = sampleStream(10_000);
  const world = new MeterWorld([stream]);
  for (const shard of stream.shards) {
    world.meter.didRead(stream, shard, { records: 1, content: 1, behind: 0, next: 1 }, 'reader');
  }
  const pages = pagesOf(world.meter);
  for (const { shards = [], readers = [] } of pages) assert.ok(shards.length + readers.length <= pageMax);
  const { shards, readers } = world.read();
  assert.deepEqual([shards.length, readers.length], [10_000, 10_000]);
});
