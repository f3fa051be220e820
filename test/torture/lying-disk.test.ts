import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { shimObstacle, troubleSyncs } from '../../torture/sync-shim.ts';
import { torture } from './torture-run.ts';

for (const fault of ['power-ext4', 'crash-images']) {
  test(`a server whose syncs do nothing is found out by ${fault}`, {
    skip: shimObstacle() ?? false,
  }, async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-'));
    try {
      const { code, output, skipped } = await torture(fault, 4, troubleSyncs(directory, { lies: true }));
      if (skipped !== undefined) return context.skip(skipped);
      assert.equal(code, 1, output);
      assert.match(output, new RegExp(`^${fault} broke \\d+ promises:$`, 'm'));
      assert.match(
        output,
        new RegExp(`^Again: npm run torture -- --only ${fault} --seed 1 --rounds \\d$`, 'm'),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}
