import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('small-heap-program.ts', import.meta.url));

test('tables in a small heap are full before the heap is, and too large ones leave it alone', async () => {
  const flags = ['--max-old-space-size=96', program];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const { heapBytesMax, indexed, tiny, openings, items } = JSON.parse(stdout);
  assert.equal(heapBytesMax, 96 * 1024 ** 2);
  const room = new RegExp(`^This server has room for ${heapBytesMax / 2} bytes of tables`);
  assert.match(indexed, room);
  assert.match(tiny, room);
  // Each is 4 KB as DynamoDB counts, and 4 KB more in each of its twenty indexes.
  assert.ok(items > 200 && items < 600, `${items}`);
  const tooLarge =
    /^TablesTooLargeError: .* give it at least three times as much \(node --max-old-space-size/;
  assert.match(openings[0], tooLarge);
  assert.equal(openings[1], openings[0]);
});
