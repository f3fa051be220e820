import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { play } from './transcript.ts';

// `UPDATE=1 node --test test/transcripts/*.test.ts` writes the answers as they are now; look at the diff.
const update = process.env['UPDATE'] === '1';

for (const path of globSync(join(import.meta.dirname, '*.txt')).sort()) {
  test(`the answers are those of ${basename(path)}`, async () => {
    const transcript = readFileSync(path, 'utf8');
    const played = await play(transcript);
    if (update) writeFileSync(path, played);
    else assert.equal(played, transcript);
  });
}
