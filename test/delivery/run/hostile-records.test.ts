import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { DeliverySpec } from '../../../src/delivery/delivery-spec.ts';
import { schemaOfGlueColumns } from '../../../src/delivery/schema/glue-columns.ts';
import { type ObjectPlace, ObjectStoreError } from '../../../src/env/object-store.ts';
import { pathOf } from '../../../src/objects/directory/file-names.ts';
import { TestRandom } from '../../log/world.ts';
import { usualReading } from '../format/rows-in-parquet.ts';
import { ObjectsInMemory } from '../objects-in-memory.ts';
import { ThreadsInProcess } from '../threads-in-process.ts';
import { DeliveryTestWorld, targetOf } from './delivery-test-world.ts';

const form = { kind: 'text', compression: 'NONE' } as const;
const stages = {
  ...{ takesKplApart: false, isSchemaRegistry: false, decompresses: false },
  delimiter: Buffer.from('\n').toString('base64'),
};
const buffering = { bytes: 100_000, ms: 1_000 };

function partitioned(prefix: string): Partial<DeliverySpec> {
  const partitioning = { query: '{value: .value}', activeMax: 500 };
  const destination = { kind: 's3', target: targetOf('b', prefix), form } as const;
  return { destination, stages: { ...stages, partitioning }, buffering };
}

/** Refuses what no file can be called, as a directory does. */
class ObjectsInFiles extends ObjectsInMemory {
  readonly partBytesMax = 253;

  override async put(place: ObjectPlace, bytes: readonly Uint8Array[]) {
    pathOf(place.key);
    return await super.put(place, bytes);
  }
}

const parquet = {
  kind: 'parquet',
  compression: 'NONE',
  reading: usualReading,
  schema: schemaOfGlueColumns([{ Name: 'n', Type: 'int' }]),
} as const;

function errorsIn(world: DeliveryTestWorld): readonly { errorMessage: string; rawData: string }[] {
  return world
    .objectsIn('errors')
    .flat()
    .map((line) => JSON.parse(line));
}

test('values that no name of an object can have are refused, and those behind them go on', async () => {
  const values = [
    '..',
    '.',
    'a/../../b',
    '\0',
    '\ud800',
    'x'.repeat(254),
    'x'.repeat(5_000),
    '/',
    '%',
    'ü\n',
  ];
  const world = await DeliveryTestWorld.with(partitioned('p/!{partitionKeyFromQuery:value}/'));
  world.objects = Object.assign(new ObjectsInFiles(world.clock), { objects: world.store.objects });
  const lines = values.map((value) => JSON.stringify({ value }));
  await world.put(0, ...lines);
  world.start();
  await world.until(() => world.delivered.length === 3, 10_000);
  await world.until(() => world.progress?.plan === undefined);
  assert.deepEqual(world.delivered, lines.slice(7).sort());
  assert(world.namesIn('b').every((name) => name.startsWith('b/p/')));
  const errors = errorsIn(world);
  assert.deepEqual(
    errors.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()),
    lines.slice(0, 7),
  );
  assert.deepEqual(
    new Set(errors.map(({ errorMessage }) => errorMessage)),
    new Set([
      'The evaluated prefix is no name that an object can have',
      'Length of evaluated prefix cannot be greater than 512',
    ]),
  );
  await world.stop();
});

test('a record that is far larger than the buffer is in an object of its own, and so is what is behind it', async () => {
  const world = await DeliveryTestWorld.with({ buffering: { bytes: 1024 * 1024, ms: 1_000 } });
  const large = 'x'.repeat(10 * 1024 * 1024);
  await world.put(0, large);
  await world.put(0, 'small');
  world.start();
  await world.until(() => world.delivered.length === 2);
  assert.deepEqual(
    world.delivered.map(({ length }) => length),
    [5, large.length],
  );
  await world.stop();
});

test('what no memory can hold once it is decompressed goes to the errors as it came', async () => {
  const bomb = gzipSync(JSON.stringify('x'.repeat(24 * 1024 * 1024)));
  const world = await DeliveryTestWorld.with({
    stages: { ...stages, decompresses: true },
    // No object: a text is no row.
    destination: { kind: 's3', target: targetOf('b'), form: parquet },
    buffering: { bytes: 1024 ** 3, ms: 1_000 },
  });
  await world.putBytes(0, ...Array.from({ length: 13 }, () => bomb));
  world.start();
  await world.until(() => world.progress?.nextChunk === 1);
  const errors = errorsIn(world);
  assert(errors.every(({ rawData }) => Buffer.from(rawData, 'base64').equals(bomb)));
  const ofBombs = errors.filter(({ errorMessage }) => errorMessage?.startsWith('Decompression failed'));
  // More than 256 MiB are not inflated of what came together, but for what is in one piece with the last.
  assert.deepEqual([errors.length, ofBombs.length], [13, 1]);
  assert.equal(world.sight.records, 13);
  await world.stop();
});

test('partitions that are more than there may be go to the errors, and the source goes on', async () => {
  const world = await DeliveryTestWorld.with(partitioned('!{partitionKeyFromQuery:value}/'));
  const lines = Array.from({ length: 600 }, (_, nth) => JSON.stringify({ value: `${nth}`.padStart(3, '0') }));
  await world.put(0, ...lines);
  world.start();
  await world.until(() => world.progress?.nextChunk === 1, 60_000);
  assert.equal(world.namesIn('b').length, 500);
  assert.deepEqual(world.delivered, lines.slice(0, 500));
  assert.equal(errorsIn(world).length, 100);
  await world.put(0, ...lines.slice(500));
  await world.until(() => world.delivered.length === 600);
  assert.deepEqual(world.delivered, lines);
  await world.stop();
});

test('what is in a reason is one line, whoever said it', async () => {
  const world = await DeliveryTestWorld.with();
  world.store.put = () => Promise.reject(new ObjectStoreError('no\u001b[2J\r\nroom', 'Full', true));
  await world.put(0, 'line');
  world.start();
  await world.until(() => world.sight.state === 'failing');
  assert.equal(world.sight.reason, 'Full: no [2J  room');
  await world.stop();
});

test('a wall clock that jumps neither hurries nor stops a delivery; what has expired by it is told', async () => {
  const world = await DeliveryTestWorld.with({ buffering: { bytes: 1_000, ms: 10_000 } });
  const years = 10 * 366 * 24 * 3_600_000;
  world.start();
  await world.put(0, 'before');
  await world.pass(1_000);
  world.clock.jump(-years);
  await world.put(0, 'long ago');
  await world.pass(8_000);
  assert.equal(world.delivered.length, 0);
  await world.until(() => world.delivered.length === 2, 3_000);
  await world.until(() => world.progress?.plan === undefined);
  world.unreadable.add(0);
  await world.put(0, 'of the past');
  await world.pass(1_000);
  world.clock.jump(2 * years);
  await world.put(0, 'of the future');
  world.unreadable.delete(0);
  await world.until(() => world.delivered.length === 3, 120_000);
  assert.deepEqual(world.delivered, ['before', 'long ago', 'of the future']);
  const told = world.said.find(([message]) => message === 'records expired before they were delivered');
  assert.deepEqual(told?.[1], { delivery: 'firehose/1', lost: 1 });
  await world.stop();
});

test('a delivery that fails is tried again when it is time, not whenever anything changes', async () => {
  const world = await DeliveryTestWorld.with();
  let attempts = 0;
  world.workers = Object.assign(new ThreadsInProcess(world.clock, new TestRandom(1)), {
    start(): never {
      attempts += 1;
      throw new Error('no thread can be started');
    },
  });
  await world.put(0, 'line');
  world.start();
  for (let second = 0; second < 30; second++) {
    await world.pass(1_000);
    world.want(...world.specs);
  }
  assert.equal(world.sight.state, 'failing');
  // After 1, 2, 4, 8 and 16 seconds.
  assert(attempts <= 6, `${attempts} attempts`);
  await world.stop();
});

test('a thread that ends in the middle of a chunk costs that chunk, which is made again', async () => {
  const world = await DeliveryTestWorld.with();
  const threads = new ThreadsInProcess(world.clock, new TestRandom(1));
  const worker = Promise.withResolvers<Error | undefined>();
  world.workers = Object.assign(Object.create(threads), {
    start: (...given: Parameters<typeof threads.start>) => {
      const started = threads.start(...given);
      return threads.started > 1 ? started : { ...started, ended: worker.promise };
    },
  });
  world.start();
  await world.put(0, 'one');
  await world.pass(1_000);
  worker.resolve(new Error('Worker terminated due to reaching memory limit'));
  await world.put(0, 'two');
  await world.until(() => world.delivered.length === 2, 60_000);
  assert.equal(threads.started, 2);
  assert.equal(world.sight.state, 'running');
  await world.stop();
});
