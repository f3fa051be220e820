import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesOf, headsOf } from '../../src/gateway/slice-head.ts';
import type { LoggedBatch } from '../../src/log/log.ts';

const plain = { arrival: 1_700_000_000_000, bytes: Buffer.from('bytes') };
const wrapping = (text: string) => ({ arn: 'arn', wrapped: Buffer.from(text) });

function sentAndTaken(batches: readonly LoggedBatch[]): { taken: LoggedBatch[]; keys: number } {
  const heads = structuredClone(headsOf(batches));
  const bytes = Buffer.concat(batches.map((batch) => batch.bytes));
  return { taken: batchesOf(heads, bytes), keys: heads.encryption?.keys.length ?? 0 };
}

test('batches arrive as they were sent, each key once, whether they are bound to their places or not', () => {
  const placed = [1, 2, 1].map((id, index) => ({
    key: { ...wrapping(`key ${id}`), id },
    tag: Buffer.alloc(16, index),
  }));
  const unplaced = ['one', 'two', 'one'].map((text) => ({ key: wrapping(text) }));
  for (const encryptions of [placed, unplaced]) {
    const batches: LoggedBatch[] = [
      { ...plain, first: 0, count: 2 },
      ...encryptions.map((encryption, index) => ({ ...plain, first: 2 + index, count: 1, encryption })),
    ];
    const { taken, keys } = sentAndTaken(batches);
    assert.deepEqual(taken, batches);
    assert.equal(keys, 2);
  }
  assert.deepEqual(sentAndTaken([{ ...plain, first: 0, count: 2 }]).keys, 0);
});
