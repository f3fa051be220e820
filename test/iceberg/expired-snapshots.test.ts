import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapStore } from '../../harness/iceberg/map-store.ts';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import { expiredIn } from '../../src/iceberg/bucket/expired-snapshots.ts';
import {
  readMetadata,
  type SnapshotJson,
  type TableMetadata,
} from '../../src/iceberg/format/table-metadata.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noClient } from './no-client.ts';

const name = { namespace: 'flights', table: 'seen' };
const schema = { fields: [{ id: 1, name: 'n', required: false, type: { kind: 'int' } as const }] };
const day = 24 * 60 * 60 * 1000;

test('snapshots go after five days, a hundred at a time, with the files that only they had', async () => {
  const objects = new MapStore();
  const clock = new ManualClock();
  const world = { clock, random: new TestRandom(1), objects, ...noClient };
  const catalog = openCatalog({ kind: 'bucket', bucket: 'lake', prefix: '' }, world);
  const properties = {
    'commit.manifest.min-count-to-merge': '10',
    'write.metadata.previous-versions-max': '3',
  };
  let table = await catalog.create(name, { schema, properties });
  const append = async (chunk: number) => {
    const file = { path: `s3://lake/f${chunk}.parquet`, bytes: 1, records: 1 };
    const before = chunk === 1 ? undefined : String(chunk - 1);
    table = await table.append([file], { writer: 'w', before, marks: String(chunk) });
  };
  for (let chunk = 1; chunk <= 120; chunk++) await append(chunk);
  await clock.advance(5 * day + 1);
  await append(121);
  const path = 'lake/flights/seen/metadata/v122.metadata.json';
  const metadata = readMetadata(String(objects.objects.get(path)), path);
  // The one that let them go.
  assert.deepEqual([metadata.snapshots?.length, metadata['snapshot-log']?.length], [1, 1]);
  const live = await liveFilesOf(objects, metadata);
  assert.equal(new Set(live.map((file) => file.path)).size, 121);
  const kinds = [...objects.objects.keys()].map((key) => /(snap-|-m[01]\.avro|\.json|text)/.exec(key)?.[1]);
  const lists = kinds.filter((kind) => kind === 'snap-').length;
  const manifests = kinds.filter((kind) => kind?.startsWith('-m')).length;
  assert.equal(lists, 1);
  assert.ok(manifests <= 12, `${manifests} manifests`);
});

const ours = { operation: 'append', 'millrace.writer': 'w', 'millrace.marks': '1' };

function tableOf(
  summaries: readonly Record<string, string>[],
  change: Partial<TableMetadata> = {},
): TableMetadata {
  const snapshots = summaries.map((summary, index): SnapshotJson => {
    const parent = index === 0 ? {} : { 'parent-snapshot-id': index };
    const id = index + 1;
    return {
      'snapshot-id': id,
      ...parent,
      'sequence-number': id,
      'timestamp-ms': id,
      'manifest-list': 's3://l/l',
      summary,
    };
  });
  const made = { 'current-snapshot-id': summaries.length, refs: { main: {} }, snapshots, properties: {} };
  return { ...({} as TableMetadata), ...made, ...change };
}

test('snapshots stay that others may need: behind those of others, beside branches, and in a table that keeps them', () => {
  const many = Array.from({ length: 250 }, () => ours);
  const later = 6 * day;
  const foreign = [...many.slice(0, 150), { operation: 'replace' }, ...many.slice(0, 99)];
  const cases: [TableMetadata, number][] = [
    [tableOf(many), 249],
    [tableOf(foreign), 149],
    [tableOf(many, { refs: { main: {}, tag: {} } }), 0],
    [tableOf(many, { properties: { 'history.expire.min-snapshots-to-keep': '120' } }), 130],
    [tableOf(many, { properties: { 'history.expire.max-snapshot-age-ms': String(7 * day) } }), 0],
    [tableOf(many.slice(0, 100)), 0],
  ];
  for (const [metadata, expected] of cases) assert.equal(expiredIn(metadata, later).length, expected);
  assert.equal(expiredIn(tableOf(many), 5 * day + 120).length, 119);
});
