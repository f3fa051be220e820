import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapStore } from '../../../harness/iceberg/map-store.ts';
import type { DeliverySpec, IcebergDestination } from '../../../src/delivery/delivery-spec.ts';
import { DeliveryTestWorld } from './delivery-test-world.ts';

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

type Metadata = { readonly snapshots?: readonly { readonly summary: Readonly<Record<string, string>> }[] };
