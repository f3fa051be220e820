import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { readMetadata } from '../../src/iceberg/format/table-metadata.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { DirectoryStore } from '../../src/objects/directory/directory-store.ts';
import { noClient } from './no-client.ts';

test('two processes append to a table in a folder, and no snapshot of either is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-lake-'));
  try {
    await mkdir(join(folder, 'lake'));
    const parts = { clock: nodeClock, random: nodeRandom() };
    const objects = new DirectoryStore({ ...parts, disk: nodeDisk(folder) }, 4);
    const catalog = openCatalog(
      { kind: 'bucket', bucket: 'lake', prefix: '' },
      { ...parts, objects, ...noClient },
    );
    const schema = { fields: [{ id: 1, name: 'n', required: false, type: { kind: 'int' } as const }] };
    await catalog.create({ namespace: 'flights', table: 'seen' }, { schema });
    await Promise.all(['a', 'b'].map((writer) => appendLoop(pathToFileURL(folder).href, writer)));

    const file = `s3://lake/flights/seen/metadata/v${1 + 2 * appends}.metadata.json`;
    const found = await objects.get({ bucket: 'lake', key: file.slice('s3://lake/'.length) });
    const metadata = readMetadata(String(found?.body), file);
    const paths = (await liveFilesOf(objects, metadata)).map(({ path }) => path);
    assert.equal(paths.length, 2 * appends);
    assert.equal(new Set(paths).size, 2 * appends);
    assert.equal(metadata.snapshots?.length, 2 * appends);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const appends = 8;

async function appendLoop(url: string, writer: string): Promise<void> {
  const program = join(import.meta.dirname, 'append-loop.ts');
  await promisify(execFile)(process.execPath, [program, url, writer, String(appends)]);
}
