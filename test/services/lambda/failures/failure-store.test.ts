import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { DamagedError, NewerFormatError } from '../../../../src/log/log.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import { failuresKey } from '../../../../src/services/lambda/failures/failure-log.ts';
import type { KeptPlace, KeptRecord } from '../../../../src/services/lambda/failures/failure-store.ts';
import {
  type FailureBounds,
  openFailureStore,
} from '../../../../src/services/lambda/failures/logged-failures.ts';
import { TestClock, TestLogger, TestRandom } from '../../../log/world.ts';

const hourMs = 3_600_000;

function worldOf(bounds?: FailureBounds) {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  const random = new TestRandom(4);
  const logger = new TestLogger();
  const open = () => openFailureStore(engine, { clock, random, logger, ...(bounds && { bounds }) });
  return { clock, engine, open, logger };
}

function recordsOf(nth: number, count: number, bytes: number): KeptRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    sequenceNumber: `4966${nth}${index}`,
    partitionKey: `é${index}`,
    arrival: 1_700_000_000_000 + index,
    data: Buffer.alloc(bytes, `${nth} ${index}`),
  }));
}

test('records that a mapping gave up are read as they were, large ones and many at once', async () => {
  const { open } = worldOf();
  const store = open();
  const all = [recordsOf(1, 3, 10), recordsOf(2, 1, 3_300_000), recordsOf(3, 1, 0), recordsOf(4, 500, 4000)];
  const places = await Promise.all(all.map((records, nth) => store.keep(`m${nth}`, records)));
  for (const [nth, records] of all.entries()) {
    for (const from of [store, open()]) assert.deepEqual(await from.read(places[nth]!), records);
  }
});

test('the oldest are forgotten when there are too many, also those that another process has written', async () => {
  const bounds = { bytesMax: 1_000_000, keptMs: 14 * 24 * hourMs };
  const { open, engine } = worldOf(bounds);
  const stores = [open(), open()];
  const places: KeptPlace[] = [];
  for (let nth = 0; nth < 60; nth++) places.push(await stores[nth % 2]!.keep('m', recordsOf(nth, 2, 20_000)));
  await open().tick();
  const found = await Promise.all(places.map(async (place) => (await stores[0]!.read(place)) !== undefined));
  const kept = found.lastIndexOf(false) + 1;
  assert.ok(kept >= 60 - 25 && kept <= 60 - 23, `${kept} are forgotten`);
  assert.ok(found.slice(0, kept).every((is) => !is));
  let bytes = 0;
  const request = { from: 0, since: Number.NEGATIVE_INFINITY, limit: { records: 1000, bytes: 1 << 30 } };
  for (const batch of (await engine.read(failuresKey, request)).batches) bytes += batch.bytes.length;
  assert.ok(bytes <= bounds.bytesMax + 2000, `${bytes}`);
});

test('what is older than it is kept for is forgotten, without anything new', async () => {
  const { open, clock } = worldOf({ bytesMax: 1 << 30, keptMs: 48 * hourMs });
  const store = open();
  const places: KeptPlace[] = [];
  for (let hour = 0; hour < 24; hour++) {
    places.push(await store.keep('m', recordsOf(hour, 1, 10)));
    clock.time += hourMs;
  }
  clock.time += 36 * hourMs;
  for (const each of [store, open()]) {
    await each.tick();
    const found = await Promise.all(places.map(async (place) => (await each.read(place)) !== undefined));
    assert.deepEqual(found, [...Array(12).fill(false), ...Array(12).fill(true)]);
  }
  clock.time += 13 * hourMs;
  await store.tick();
  assert.equal(await open().read(places.at(-1)!), undefined);
});

test('what is no piece of records is damage, or of a newer program', async () => {
  const { open, engine } = worldOf();
  const store = open();
  const append = (...bytes: number[]) =>
    engine.append(failuresKey, encodeBatch([{ partitionKey: undefined, data: Buffer.from(bytes) }]));
  const { first } = await store.keep('m', recordsOf(1, 1, 10));
  await append(1, 2, 3);
  await append(2, 2, 3);
  await assert.rejects(store.read({ first: first + 1, count: 1 }), DamagedError);
  await assert.rejects(store.read({ first: first + 2, count: 1 }), NewerFormatError);
  await assert.rejects(store.read({ first: first + 3, count: 1 }), DamagedError);
});
