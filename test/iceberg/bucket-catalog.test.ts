import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapStore } from '../../harness/iceberg/map-store.ts';
import { liveFilesOf, manifestsOf } from '../../harness/iceberg/table-reader.ts';
import { readMetadata, type TableMetadata } from '../../src/iceberg/format/table-metadata.ts';
import type { DataFile, NewTable } from '../../src/iceberg/iceberg-table.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from '../objects/hurried-clock.ts';
import { noClient } from './no-client.ts';

const name = { namespace: 'flights', table: 'seen' };
const folder = 'lake/tables/flights/seen';

const request: NewTable = {
  schema: {
    fields: [
      { id: 1, name: 'at', required: true, type: { kind: 'timestamptz' } },
      { id: 2, name: 'carrier', required: false, type: { kind: 'string' } },
    ],
  },
  partition: { column: 'at', transform: 'hour' },
};

function catalogOn(objects: MapStore, seed = 1) {
  const world = { clock: hurriedClock(), random: new TestRandom(seed), objects, ...noClient };
  return openCatalog({ kind: 'bucket', bucket: 'lake', prefix: 'tables/' }, world);
}

function fileOf(text: string, partition: number | null = 490_000): DataFile {
  return { path: `s3://lake/tables/flights/seen/data/${text}.parquet`, bytes: 100, records: 10, partition };
}

function metadataOf(objects: MapStore, version: number): TableMetadata {
  const path = `${folder}/metadata/v${version}.metadata.json`;
  return readMetadata(String(objects.objects.get(path)), path);
}

async function pathsOf(objects: MapStore, version: number): Promise<string[]> {
  const files = await liveFilesOf(objects, metadataOf(objects, version));
  return files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1, -'.parquet'.length)).sort();
}

test('a table that was made is loaded with its columns, its partition and its place', async () => {
  const objects = new MapStore();
  assert.equal(await catalogOn(objects).load(name), undefined);
  await catalogOn(objects).create(name, request);
  const table = await catalogOn(objects, 2).load(name);
  assert.deepEqual(
    {
      location: table?.location,
      partition: table?.partition,
      columns: table?.schema.fields.map((f) => f.name),
    },
    { location: `s3://${folder}`, partition: request.partition, columns: ['at', 'carrier'] },
  );
  await assert.rejects(catalogOn(objects, 3).create(name, request), { code: 'AlreadyExists' });
});

test('a table that its creator asks for again, having lost the answer, is its own', async () => {
  const objects = new MapStore();
  const own = { ...request, properties: { 'millrace.creator': 'channel/1' } };
  await catalogOn(objects).create(name, own);
  assert.equal((await catalogOn(objects, 2).create(name, own)).location, `s3://${folder}`);
  const other = { ...request, properties: { 'millrace.creator': 'channel/2' } };
  await assert.rejects(catalogOn(objects, 3).create(name, other), { code: 'AlreadyExists' });
});

test('appends are snapshots after one another, with counts, marks and the numbers that readers go by', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  const first = await made.append([fileOf('a'), fileOf('b', null)], {
    writer: 'w',
    before: undefined,
    marks: '1',
  });
  await first.append([fileOf('c', 490_001)], { writer: 'w', before: '1', marks: '2' });
  const metadata = metadataOf(objects, 3);
  const [older, newer] = metadata.snapshots ?? [];
  assert.deepEqual(newer?.summary, {
    operation: 'append',
    'added-data-files': '1',
    'added-records': '10',
    'added-files-size': '100',
    'changed-partition-count': '1',
    'total-data-files': '3',
    'total-records': '30',
    'total-files-size': '300',
    'total-delete-files': '0',
    'total-position-deletes': '0',
    'total-equality-deletes': '0',
    'millrace.writer': 'w',
    'millrace.marks': '2',
  });
  assert.deepEqual(
    [newer?.['parent-snapshot-id'], newer?.['sequence-number'], metadata['last-sequence-number']],
    [older?.['snapshot-id'], 2, 2],
  );
  assert.equal(metadata.properties?.['millrace.marks.w'], '2');
  assert.deepEqual(await pathsOf(objects, 3), ['a', 'b', 'c']);
  assert.equal(String(objects.objects.get(`${folder}/metadata/version-hint.text`)), '3');
});

test('bounds of columns may come from another thread, as plain bytes', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  const facts = { bytes: 10, values: 10, nulls: 0, lower: Buffer.from('AA'), upper: Buffer.from('WN') };
  const file = structuredClone({ ...fileOf('a'), columns: new Map([[2, facts]]) });
  await made.append([file], { writer: 'w', before: undefined, marks: '1' });
  assert.deepEqual(await pathsOf(objects, 2), ['a']);
});

test('a manifest list says which hours its manifests have', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  const files = [fileOf('a', 490_001), fileOf('b', null), fileOf('c', -3)];
  await made.append(files, { writer: 'w', before: undefined, marks: '1' });
  const [manifest] = await manifestsOf(objects, metadataOf(objects, 2));
  const [hours] = manifest?.partitions ?? [];
  assert.deepEqual(
    [hours?.contains_null, hours?.lower_bound?.readInt32LE(), hours?.upper_bound?.readInt32LE()],
    [true, -3, 490_001],
  );
});

test('what is committed already is not committed again', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  const marks = { writer: 'w', before: undefined, marks: '1' };
  await made.append([fileOf('a')], marks);
  const before = [...objects.objects.keys()];
  // One that has not seen it, and one that has.
  await made.append([fileOf('a')], marks);
  await (await catalogOn(objects, 2).load(name))?.append([fileOf('a')], marks);
  assert.deepEqual([...objects.objects.keys()].sort(), before.sort());
});

test('a writer that another one has taken over from commits nothing', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  await made.append([fileOf('a')], { writer: 'w', before: undefined, marks: '1' });
  const late = made.append([fileOf('b')], { writer: 'w', before: undefined, marks: 'other 1' });
  await assert.rejects(late, { code: 'OtherWriter', passes: false });
  assert.deepEqual(await pathsOf(objects, 2), ['a']);
});

test('a hint that is behind, wrong or gone hides no version', async () => {
  const objects = new MapStore();
  let table = await catalogOn(objects).create(name, request);
  for (let chunk = 1; chunk <= 3; chunk++) {
    const before = chunk === 1 ? undefined : String(chunk - 1);
    table = await table.append([fileOf(`f${chunk}`)], { writer: 'w', before, marks: String(chunk) });
  }
  for (const hint of ['1', '2', '9', 'what?', undefined]) {
    const key = `${folder}/metadata/version-hint.text`;
    if (hint === undefined) objects.objects.delete(key);
    else objects.objects.set(key, Buffer.from(hint));
    assert.equal((await catalogOn(objects, 2).load(name))?.marksOf('w'), '3', String(hint));
  }
});

test('old versions of the metadata go, but for the first, which keeps the table from being made anew', async () => {
  const objects = new MapStore();
  const properties = { 'write.metadata.previous-versions-max': '2' };
  let table = await catalogOn(objects).create(name, { ...request, properties });
  for (let chunk = 1; chunk <= 5; chunk++) {
    const before = chunk === 1 ? undefined : String(chunk - 1);
    table = await table.append([], { writer: 'w', before, marks: String(chunk) });
  }
  const versions = [...objects.objects.keys()].filter((key) => key.endsWith('.metadata.json')).sort();
  assert.deepEqual(
    versions.map((key) => key.slice(folder.length + '/metadata/'.length)),
    ['v1', 'v4', 'v5', 'v6'].map((version) => `${version}.metadata.json`),
  );
  await assert.rejects(catalogOn(objects, 2).create(name, request), { code: 'AlreadyExists' });
});

test('small manifests become one, in which each file is as old as it was', async () => {
  const objects = new MapStore();
  const properties = { 'commit.manifest.min-count-to-merge': '3' };
  let table = await catalogOn(objects).create(name, { ...request, properties });
  for (let chunk = 1; chunk <= 7; chunk++) {
    const before = chunk === 1 ? undefined : String(chunk - 1);
    const file = fileOf(`f${chunk}`, chunk === 2 ? null : 490_000 + chunk);
    table = await table.append([file], { writer: 'w', before, marks: String(chunk) });
  }
  const metadata = metadataOf(objects, 8);
  assert.deepEqual(await pathsOf(objects, 8), ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7']);
  const manifests = await manifestsOf(objects, metadata);
  const seen = manifests.map((one) => ({
    added: one.added_files_count,
    existing: one.existing_files_count,
    rows: Number(one.existing_rows_count),
    numbers: [one.min_sequence_number, one.sequence_number].map(Number),
    bounds: one.partitions?.map((hours) => [
      hours.contains_null,
      hours.lower_bound?.readInt32LE(),
      hours.upper_bound?.readInt32LE(),
    ]),
  }));
  assert.deepEqual(seen, [
    { added: 1, existing: 0, rows: 0, numbers: [7, 7], bounds: [[false, 490_007, 490_007]] },
    { added: 1, existing: 0, rows: 0, numbers: [6, 6], bounds: [[false, 490_006, 490_006]] },
    { added: 0, existing: 5, rows: 50, numbers: [1, 6], bounds: [[true, 490_001, 490_005]] },
  ]);
  const files = await liveFilesOf(objects, metadata);
  const numbers = files.map(({ path, sequenceNumber }) => [path.at(-'1.parquet'.length), sequenceNumber]);
  assert.ok(
    numbers.every(([chunk, number]) => String(number) === chunk),
    JSON.stringify(numbers),
  );
});

test('numbers of 64 bits that another writer has left stay what they were', async () => {
  const objects = new MapStore();
  await catalogOn(objects).create(name, request);
  const table = await catalogOn(objects).load(name);
  await table?.append([fileOf('a')], { writer: 'w', before: undefined, marks: '1' });
  const path = `${folder}/metadata/v2.metadata.json`;
  const foreign = '8744736658442914487';
  const text = String(objects.objects.get(path));
  const own = String(metadataOf(objects, 2)['current-snapshot-id']);
  objects.objects.set(path, Buffer.from(text.replaceAll(`:${own}`, `:${foreign}`)));
  const loaded = await catalogOn(objects, 2).load(name);
  await loaded?.append([fileOf('b')], { writer: 'w', before: '1', marks: '2' });
  assert.match(
    String(objects.objects.get(`${folder}/metadata/v3.metadata.json`)),
    /"parent-snapshot-id":8744736658442914487[,}]/,
  );
  assert.deepEqual(await pathsOf(objects, 3), ['a', 'b']);
});

test('files are appended by the partition spec that they were made by, where others have given the table another one', async () => {
  const objects = new MapStore();
  const made = await catalogOn(objects).create(name, request);
  const path = `${folder}/metadata/v1.metadata.json`;
  const [hours] = metadataOf(objects, 1)['partition-specs'];
  const days = {
    'spec-id': 1,
    fields: [{ name: 'at_day', transform: 'day', 'source-id': 1, 'field-id': 1001 }],
  };
  const text = String(objects.objects.get(path))
    .replace(/"partition-specs":\[.*?\}\]\}\]/, `"partition-specs":${JSON.stringify([hours, days])}`)
    .replace('"default-spec-id":0', '"default-spec-id":1');
  objects.objects.set(path, Buffer.from(text));
  const loaded = await catalogOn(objects, 2).load(name);
  assert.deepEqual([made.specId, loaded?.specId, loaded?.partition?.transform], [0, 1, 'day']);
  const old = { ...fileOf('a', 490_001), specId: made.specId };
  await loaded?.append([old], { writer: 'w', before: undefined, marks: '1' });
  const metadata = metadataOf(objects, 2);
  assert.deepEqual(
    (await manifestsOf(objects, metadata)).map((one) => one.partition_spec_id),
    [0],
  );
  assert.deepEqual(
    (await liveFilesOf(objects, metadata)).map((file) => file.partition),
    [[490_001]],
  );
  const unknown = loaded!.append([{ ...old, specId: 7 }], { writer: 'v', before: undefined, marks: '1' });
  await assert.rejects(unknown, { code: 'BadPartition' });
});

test('a table that is not written is refused in a sentence', async () => {
  const changes: [(metadata: string) => string, RegExp][] = [
    [(text) => text.replace('"format-version":2', '"format-version":3'), /has format version 3/],
    [(text) => text.replace('"transform":"hour"', '"transform":"bucket[16]"'), /partitioned by bucket\[16\]/],
    [(text) => text.replace('"type":"string"', '"type":"fixed[4]"'), /carrier has the type fixed\[4\]/],
    [
      (text) => text.replace('"properties":{', '"properties":{"write.metadata.compression-codec":"gzip",'),
      /compressed/,
    ],
    [(text) => text.slice(0, 50), /no JSON/],
  ];
  for (const [change, said] of changes) {
    const objects = new MapStore();
    await catalogOn(objects).create(name, request);
    const path = `${folder}/metadata/v1.metadata.json`;
    objects.objects.set(path, Buffer.from(change(String(objects.objects.get(path)))));
    await assert.rejects(catalogOn(objects, 2).load(name), said);
  }
});
