import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { batchOf } from '../../../harness/shard-text.ts';
import { ArchivedLog } from './archived-log.ts';

setFlagsFromString('--expose-gc');
const collect: NodeJS.GCFunction = runInNewContext('gc');
const mebibyte = 1024 * 1024;

/** What buffers of the process take, once nothing is left that nobody holds. */
function bufferBytes(): number {
  collect({ type: 'major', execution: 'sync' });
  return process.memoryUsage().arrayBuffers;
}

test('memory has a few blocks of an archive, and not the fifty mebibytes that were read', async () => {
  const sizes = { segmentBytes: 4 * mebibyte, frameBytesMax: mebibyte, roundBytesMax: 4 * mebibyte };
  const blocks = { blockBytes: mebibyte, blockCacheBytesMax: 4 * mebibyte, tailBytesMax: mebibyte };
  const archived = await new ArchivedLog().open({ ...sizes, ...blocks });
  const records = 60;
  for (let nth = 0; nth < records; nth++) {
    await archived.shard(0).append(batchOf(`${nth}`.padEnd(900_000, '.')));
  }
  assert.ok((await archived.archive()) >= 12);
  const inStore = archived.store.keys.reduce((sum, key) => sum + archived.store.objects.get(key)!.length, 0);
  assert.ok(inStore > 50_000_000);
  await archived.reopen({ ...sizes, ...blocks });
  const before = bufferBytes();
  let most = 0;
  for (let offset = 0; offset < records; offset++) {
    assert.equal((await archived.shard(0).read(offset, { records: 1, bytes: mebibyte })).length, 1);
    if (offset % 5 === 4) most = Math.max(most, bufferBytes() - before);
  }
  // The cache, what is read ahead, and what was just answered.
  assert.ok(most < 20 * mebibyte, `${most} bytes`);
});
