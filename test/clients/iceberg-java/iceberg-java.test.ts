import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '../counted.ts';
import { runProgram } from '../foreign-program.ts';
import { flights, Lake, newFlights, rowsIn, rowsOf } from '../iceberg-tables.ts';
import { classesInFull, quickStart } from '../java-classes.ts';

const folder = new URL('./', import.meta.url);
const java = await classesInFull(folder);
const { skip } = java;

test('HadoopTables reads a table of a bucket, prunes by bounds, and writes between appends', {
  skip,
}, async (t) => {
  await using lake = await Lake.make();
  let table = await lake.open().create(flights, newFlights);
  for (const chunk of [1, 2, 3]) table = await lake.fly(table, chunk);
  const read = await tables(lake, ['rows', 'files=2', 'snapshots']);
  assert.deepEqual(rowsIn(read), rowsOf([1, 2, 3]));
  assert.match(read, /^files 1$/m);
  assert.match(read, /^snapshot 3 append 6$/m);

  // One file once more, then all manifests are made one, and what was before is let go.
  const hour = Date.UTC(2026, 10, 29, 3) / 3_600_000;
  const file = `${table.location}/data/chunk-3.parquet`;
  const { bytes } = (await lake.objects.head({ bucket: 'lake', key: file.slice('s3://lake/'.length) }))!;
  await tables(lake, [`append=${file},${bytes},2,${hour}`, 'rewrite', 'expire']);
  // It has not seen what happened: its next append finds out.
  await lake.fly(table, 4);
  const after = await tables(lake, ['rows', 'snapshots']);
  assert.deepEqual(rowsIn(after), rowsOf([1, 2, 3, 3, 4]));
  assert.deepEqual(
    after.split('\n').filter((line) => line.startsWith('snapshot ')),
    ['snapshot 5 replace 8', 'snapshot 6 append 10'],
  );
  counted(t, '10 rows of 6 snapshots, 1 of them its own');
});

async function tables(lake: Lake, words: readonly string[]): Promise<string> {
  const classPath = await java.classPath();
  const command = [
    'java',
    ...quickStart,
    '-cp',
    classPath,
    'Tables',
    lake.folder,
    's3://lake/flights/seen',
  ] as const;
  return await runProgram({ command: [...command, ...words], folder, seconds: 120 });
}
