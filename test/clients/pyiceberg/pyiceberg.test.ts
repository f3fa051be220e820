import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { HonestCatalog } from '../../../harness/iceberg/honest-catalog.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { openCatalog } from '../../../src/iceberg/open-catalog.ts';
import { openObjectStore } from '../../../src/objects/open-object-store.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram } from '../foreign-program.ts';
import { flights, Lake, newFlights, rowsIn, rowsOf, serveCatalog } from '../iceberg-tables.ts';
import { MotoServer } from '../moto-server.ts';
import { pythonPackages } from '../python-packages.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await pythonPackages(folder));

test('StaticTable reads a table of a bucket by its hint, and leaves files out by their bounds', {
  skip,
}, async (t) => {
  await using lake = await Lake.make();
  let table = await lake.open().create(flights, newFlights);
  for (const chunk of [1, 2, 3]) table = await lake.fly(table, chunk);
  const printed = await tables(lake, `${lake.folder}/lake/flights/seen`, ['rows', 'files=2', 'marks']);
  assert.deepEqual(rowsIn(printed), rowsOf([1, 2, 3]));
  assert.match(printed, /^files 1$/m);
  assert.match(printed, /^marks 3$/m);
  counted(t, '6 rows of 3 snapshots');
});

test('PyIceberg writes to a table of a REST catalog between appends, and both read all of it', {
  skip,
}, async (t) => {
  await using lake = await Lake.make();
  const catalog = new HonestCatalog(lake.objects, 's3://lake');
  await using server = await serveCatalog(catalog);
  const spec = { kind: 'rest', url: server.url, warehouse: undefined, signs: 'none' } as const;
  let table = await lake.open(spec).create(flights, newFlights);
  table = await lake.fly(table, 1);
  await tables(lake, server.url, ['append=11']);
  table = await lake.fly(table, 2);
  await tables(lake, server.url, ['append=12', 'delete=1', 'expire']);
  await lake.fly(table, 3);
  const printed = await tables(lake, server.url, ['rows', 'marks']);
  const deleted = rowsOf([1]).filter((row) => row.endsWith(' 1'));
  assert.deepEqual(
    rowsIn(printed),
    rowsOf([1, 2, 3, 11, 12]).filter((row) => !deleted.includes(row)),
  );
  assert.match(printed, /^marks 3$/m);
  counted(t, '9 rows, after 2 appends, a deletion and an expiry of its own between 3 of Millrace');
});

test('two processes append to a table in S3, PyIceberg plans all of it', { skip }, async (t) => {
  const moto = await MotoServer.start();
  if (typeof moto === 'string') return t.skip(moto);
  using server = moto;
  await fetch(`${server.url}/lake`, { method: 'PUT' });
  const parts = { clock: nodeClock, random: nodeRandom(), client: createHttpClient() };
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const settings = { url: server.url, region: 'us-east-1', credentials };
  const objects = openObjectStore({ ...parts, diskAt: nodeDisk }, settings);
  const world = { ...parts, objects, signing: undefined, bearer: undefined };
  await openCatalog({ kind: 'bucket', bucket: 'lake', prefix: '' }, world).create(flights, {
    schema: newFlights.schema,
  });
  const loop = join(import.meta.dirname, '../../iceberg/append-loop.ts');
  const appended = ['a', 'b'].map((writer) =>
    runProgram({ command: [process.execPath, loop, server.url, writer, '20'], folder, seconds: 300 }),
  );
  await Promise.all(appended);
  const environment = {
    ...process.env,
    S3: server.url,
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    PYTHONPATH: '.',
  };
  const command = [
    'build/bin/python',
    'tables.py',
    's3://lake/flights/seen',
    'files=0',
    'snapshots',
  ] as const;
  const printed = await runProgram({ command, folder, environment, seconds: 120 });
  assert.deepEqual(printed.trim().split('\n'), ['files 40', 'snapshots 40']);
  counted(t, '40 of 40 appends of two processes');
});

async function tables(lake: Lake, place: string, words: readonly string[]): Promise<string> {
  const environment = { ...process.env, LAKE: lake.folder, PYTHONPATH: '.' };
  return await runProgram({
    command: ['build/bin/python', 'tables.py', place, ...words],
    folder,
    environment,
    seconds: 120,
  });
}
