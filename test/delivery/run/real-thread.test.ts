import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { nodeWorkers } from '../../../src/env/node-workers.ts';
import { BucketCatalog } from '../../../src/iceberg/bucket/bucket-catalog.ts';
import { DirectoryStore } from '../../../src/objects/directory/directory-store.ts';
import { DeliveryTestWorld, targetOf } from './delivery-test-world.ts';

test('objects are made in a thread of the machine, and put to a directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-delivery-'));
  await mkdir(join(directory, 'bucket'));
  await mkdir(join(directory, 'errors'));
  const target = { ...targetOf('bucket'), compression: 'GZIP' } as const;
  const world = await DeliveryTestWorld.with({
    destination: { kind: 's3', target, form: { kind: 'text', compression: 'GZIP' } },
    stages: {
      takesKplApart: false,
      isSchemaRegistry: false,
      decompresses: false,
      validity: 'JSON',
      delimiter: 'Cg==',
    },
  });
  const disk = nodeDisk(directory);
  world.objects = new DirectoryStore({ clock: nodeClock, random: nodeRandom(), disk }, 4);
  world.workers = nodeWorkers;
  world.start();
  const records = Array.from({ length: 40 }, (_, index) => JSON.stringify({ index: 100 + index }));
  await world.put(0, ...records, 'no JSON');
  await inReality(world, () => world.sight.records === 41);
  const bytes = await filesIn(join(directory, 'bucket'));
  const lines = bytes.flatMap((body) => gunzipSync(body).toString().trimEnd().split('\n'));
  assert.deepEqual(lines.sort(), records);
  const [errors] = await filesIn(join(directory, 'errors'));
  assert.match(errors!.toString(), /"rawData":"bm8gSlNPTg=="/);
  await world.stop();
  await rm(directory, { recursive: true });
});

test('small files of a table keep the bounds of their columns, which came from the thread beside their bytes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-delivery-'));
  await mkdir(join(directory, 'bucket'));
  await mkdir(join(directory, 'errors'));
  const catalog = { kind: 'bucket', bucket: 'bucket', prefix: '' } as const;
  const schema = { fields: [{ id: 1, name: 'name', required: false, type: { kind: 'string' } }] } as const;
  const world = await DeliveryTestWorld.with({
    destination: {
      kind: 'iceberg',
      tables: [{ catalog, namespace: 'air', table: 'seen', schema, creates: 'if missing' }],
      ...{ compression: 'NONE', retryMs: 60_000 },
      reading: {
        ...{ isCaseInsensitive: true, columnOfKey: {}, dotsBecomeUnderscores: false, timestampFormats: [] },
      },
    },
  });
  const disk = nodeDisk(directory);
  const objects = new DirectoryStore({ clock: nodeClock, random: nodeRandom(), disk }, 4);
  world.objects = objects;
  world.workers = nodeWorkers;
  world.start();
  await world.put(0, JSON.stringify({ name: 'first' }), JSON.stringify({ name: 'last' }));
  await inReality(world, () => world.sight.records === 2);
  const surroundings = { clock: nodeClock, random: nodeRandom(), objects };
  const table = await new BucketCatalog(surroundings, catalog).load({ namespace: 'air', table: 'seen' });
  assert.notEqual(table?.marksOf('firehose/1'), undefined);
  await world.stop();
  await rm(directory, { recursive: true });
});

/** A thread and a disk take time that no clock of a test knows. */
async function inReality(world: DeliveryTestWorld, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await nodeClock.sleep(5);
    await world.pass(10);
  }
}

async function filesIn(directory: string): Promise<readonly Buffer[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
}
