import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapStore } from '../../../harness/iceberg/map-store.ts';
import type { DeliverySpec, IcebergDestination } from '../../../src/delivery/delivery-spec.ts';
import { ChunkFormat } from '../../../src/delivery/formatter/chunk-format.ts';
import type { TableSchema } from '../../../src/iceberg/table-schema.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { DeliveryTestWorld, specOf } from './delivery-test-world.ts';

const destination: IcebergDestination = {
  kind: 'iceberg',
  tables: [
    {
      catalog: { kind: 'bucket', bucket: 'lake', prefix: 'tables/' },
      ...{ namespace: 'air', table: 'flights', schema: undefined, creates: 'if missing' },
      partition: { column: 'at', transform: 'hour' },
    },
  ],
  compression: 'SNAPPY',
  retryMs: 60_000,
  reading: {
    isCaseInsensitive: true,
    columnOfKey: {},
    dotsBecomeUnderscores: false,
    timestampFormats: [],
  },
};
const spec: Partial<DeliverySpec> = { destination, buffering: { bytes: 400, ms: 10_000 } };

test('rows become files of a table by its partitions, and what is no row goes to the errors', async () => {
  const { world, store } = await tablesWorld();
  world.start();
  await world.put(0, ...rows(0, 20), 'no JSON');
  await world.until(() => rowsIn(store) === 20);
  const files = [...store.objects.keys()].filter((name) => name.endsWith('.parquet'));
  assert.deepEqual([...new Set(files.map((name) => name.split('/').at(-2)))].sort(), [
    'at_hour=2026-11-29-10',
    'at_hour=2026-11-29-11',
  ]);
  const [errors] = [...store.objects].filter(([name]) => name.includes('format-conversion-failed'));
  assert.match(errors![1].toString(), /"lastErrorCode":"DataFormatConversion\.ParseError"/);
  const first = store.objects.get('lake/tables/air/flights/metadata/v1.metadata.json')!.toString();
  assert.equal((JSON.parse(first) as Metadata).properties['millrace.creator'], 'firehose/1');
  await world.stop();
});

test('every row is in the table once, whenever the server is killed', async () => {
  for (let asked = 0; asked < 60; asked += 3) {
    const { world, store } = await tablesWorld();
    await world.put(0, ...rows(0, 20));
    world.start();
    world.crashSoon(asked / 2);
    await world.until(() => !world.isRunning || rowsIn(store) === 20, 60_000);
    await world.put(0, ...rows(20, 30));
    world.crash();
    world.start();
    await world.until(() => rowsIn(store) >= 30 && world.progress?.plan === undefined);
    assert.equal(rowsIn(store), 30);
    world.crash();
  }
});

test('a table that knows more than the journal is believed', async () => {
  const { world, store } = await tablesWorld();
  world.start();
  await world.put(0, ...rows(0, 20));
  await world.until(() => world.progress?.nextChunk === 1 && world.progress.plan === undefined);
  await world.stop();
  await world.journal.commit(() => [{ kind: 'forgotten', of: 'progress', key: 'firehose/1' }]);
  const restored = { stream: world.stream.id, done: { 0: { next: 0 } }, nextChunk: 0 };
  await world.journal.commit(() => [{ kind: 'said', of: 'progress', key: 'firehose/1', value: restored }]);
  await world.put(0, ...rows(20, 40));
  world.start();
  await world.until(() => rowsIn(store) >= 40 && world.progress?.plan === undefined);
  assert.equal(rowsIn(store), 40);
  await world.stop();
});

test('a table that is not there, and is not to be made, suspends a channel until it is', async () => {
  const [table] = destination.tables;
  const { world, store } = await tablesWorld({
    owner: { kind: 'channel', account: '0', region: 'r', name: 'c', arn: 'a', number: 'n' },
    destination: { ...destination, tables: [{ ...table!, creates: 'never' }] },
  });
  world.start();
  await world.put(0, ...rows(0, 20));
  await world.until(() => world.sight.state === 'suspended');
  assert.equal(world.sight.reason, 'NoSuchTable: There is no table air.flights.');
  await world.pass(60_000);
  assert.ok(world.sight.freshnessMs >= 60_000);
  assert.ok(world.counts.get('DeliveryToIceberg.DataFreshness')! >= 30);
  world.want({ ...world.specs[0]!, revision: '2', destination });
  await world.until(() => rowsIn(store) === 20);
  await world.stop();
});

test('rows that a table cannot be had for go to the errors once it was tried for long, and later ones to it', async () => {
  const { world, store } = await tablesWorld();
  await world.put(0, ...rows(0, 20));
  store.fate = (method, key) => (method !== 'put' && key.startsWith('tables/') ? 'refused' : 'answered');
  world.start();
  await world.pass(50_000);
  assert.equal(errorsIn(store).length, 0);
  await world.until(() => errorsIn(store).length > 0, 120_000);
  await world.until(() => world.progress?.plan === undefined);
  assert.deepEqual([...new Set(errorsIn(store).map(({ errorCode }) => errorCode))], ['S3.Unreachable']);
  store.fate = () => 'answered';
  await world.put(0, ...rows(20, 40));
  await world.until(() => rowsIn(store) + errorsIn(store).length === 40);
  assert.ok(rowsIn(store) > 0);
  await world.stop();
});

test('rows of a planned chunk that a table refuses go to the errors, and nothing of it stays', async () => {
  const { world, store } = await tablesWorld();
  await world.put(0, ...rows(0, 20));
  let isGone = false;
  store.fate = (method, key) => {
    if (key.endsWith('.parquet') && method === 'put') isGone = true;
    return isGone && method === 'get' && key.startsWith('tables/') ? 'refused' : 'answered';
  };
  world.start();
  await world.until(() => errorsIn(store).length === 20);
  await world.until(() => world.progress?.nextChunk === 1);
  assert.equal(rowsIn(store), 0);
  assert.deepEqual(
    [...store.objects.keys()].filter((name) => name.endsWith('.parquet')),
    [],
  );
  const [line] = errorsIn(store);
  assert.deepEqual(JSON.parse(Buffer.from(line!.rawData, 'base64').toString()), JSON.parse(rows(0, 1)[0]!));
  await world.stop();
});

test('rows that a table may have are not given up, however long nobody says whether it has', async () => {
  const { world, store } = await tablesWorld();
  await world.put(0, ...rows(0, 20));
  let isSilent = false;
  store.fate = (method, key) => {
    if (method === 'put' && /v[2-9]\.metadata\.json$/.test(key) && !isSilent) {
      isSilent = true;
      return 'lost';
    }
    return isSilent && key.startsWith('tables/') ? 'refused' : 'answered';
  };
  world.start();
  await world.pass(300_000);
  assert.equal(errorsIn(store).length, 0);
  world.crash();
  world.start();
  await world.pass(300_000);
  assert.equal(errorsIn(store).length, 0);
  store.fate = () => 'answered';
  await world.until(() => world.progress?.nextChunk === 1);
  assert.equal(rowsIn(store), 20);
  assert.equal(errorsIn(store).length, 0);
  await world.stop();
});

test('a file says by which of the partition specs of its table its values were made', async () => {
  const clock = new ManualClock();
  const functions = { invoke: () => Promise.reject(new Error('no function')) };
  const schema: TableSchema = {
    fields: [{ id: 1, name: 'flight', required: false, type: { kind: 'long' } }],
  };
  const table = { name: 'air.flights', schema, partition: undefined, specId: 7, location: 's3://lake/t' };
  const setting = { spec: specOf(spec), tables: [table] };
  const format = new ChunkFormat(
    { clock, random: new TestRandom(1), functions },
    setting,
    new AbortController().signal,
  );
  const { bytes, count } = encodeBatch([{ partitionKey: 'k', data: Buffer.from('{"flight":1}') }]);
  await format.add({
    shard: { index: 0, createdAt: 0 },
    ...{ from: 0, to: 1, batches: [{ first: 0, arrival: 0, count, bytes }] },
    ...{ records: 1, bytes: bytes.length, oldest: 0, lost: 0 },
  });
  const { objects } = await format.finish('ab');
  assert.deepEqual(
    objects.map(({ file }) => file?.data.specId),
    [7],
  );
});

type ErrorLine = { readonly errorCode: string; readonly rawData: string };

function errorsIn(store: MapStore): ErrorLine[] {
  const found = [...store.objects].filter(([name]) => name.includes('iceberg-failed'));
  const lines = found.flatMap(([, body]) => body.toString().split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ErrorLine);
}

async function tablesWorld(changes: Partial<DeliverySpec> = {}) {
  const world = await DeliveryTestWorld.with({ ...spec, ...changes });
  const store = new MapStore();
  world.objects = store;
  return { world, store };
}

function rows(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => {
    const at = `2026-11-29T1${(first + index) % 2}:00:00Z`;
    return JSON.stringify({ flight: first + index, at });
  });
}

/** By the newest metadata of the table. */
function rowsIn(store: MapStore): number {
  const names = [...store.objects.keys()].filter((name) => name.endsWith('.metadata.json'));
  const versionOf = (name: string) => Number(/v(\d+)\.metadata\.json$/.exec(name)?.[1] ?? 0);
  const newest = names.sort((a, b) => versionOf(a) - versionOf(b)).at(-1);
  if (newest === undefined) return 0;
  const metadata = JSON.parse(store.objects.get(newest)!.toString()) as Metadata;
  const summaries = metadata.snapshots?.map(({ summary }) => Number(summary['total-records'])) ?? [];
  return summaries.at(-1) ?? 0;
}

type Metadata = {
  readonly properties: Readonly<Record<string, string>>;
  readonly snapshots?: readonly { readonly summary: Readonly<Record<string, string>> }[];
};
