import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CopyState } from '../../../src/cli/copy/copy-state.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';

test('a state that is saved while it is being saved is in the file as it was at last', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-copy-state-'));
  try {
    const end = { endpoint: 'http://127.0.0.1:1' };
    const names = { from: end, to: end, stream: 'orders', as: 'orders', follows: false };
    const request = { ...names, state: join(directory, 'state.json') };
    const state = await CopyState.load(request, nodeDisk, 1);
    const saves = Array.from({ length: 5 }, (_, index) => {
      state.shards.set('shardId-000000000000', { sequence: String(index) });
      return state.save();
    });
    await Promise.all(saves);
    const saved = await CopyState.load(request, nodeDisk, 2);
    assert.deepEqual([...saved.shards], [['shardId-000000000000', { sequence: '4' }]]);
    assert.equal(saved.began, 1);
    assert.deepEqual(readdirSync(directory), ['state.json']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
