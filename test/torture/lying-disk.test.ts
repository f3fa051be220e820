import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { shimObstacle, troubleSyncs } from '../../harness/sync-shim.ts';
import { torture } from './torture-run.ts';

test('a server whose syncs do nothing is found out', { skip: shimObstacle() ?? false }, async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-'));
  try {
    const trouble = troubleSyncs(directory, { lies: true });
    const { code, output, skipped } = await torture('power-ext4', 3, trouble);
    if (skipped !== undefined) return context.skip(skipped);
    assert.equal(code, 1, output);
    assert.match(output, /^power-ext4 broke \d+ promises:$/m);
    assert.match(output, /^Again: npm run torture -- --only power-ext4 --seed 1 --rounds \d$/m);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
