import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplicaLog } from '../../../harness/kafka/replica-log.ts';

const limits = { bytes: 1_000, ms: 1_000 };

/** A batch with the records of these offsets. */
function batch(first: number, last: number) {
  const none = { sequence: undefined, times: undefined };
  return { first, last, leaderEpoch: 0, timeMax: 0, bytes: Buffer.alloc(100), ...none };
}

test('retention comes to its end where all behind a deletion in the middle of a batch was cut off', () => {
  const log = new ReplicaLog();
  log.append(batch(0, 9), limits, 0, 0);
  log.trim(5);
  log.truncate(7);
  assert.deepEqual([log.start, log.end], [5, 5]);
  log.expire(Number.POSITIVE_INFINITY, 10);
  assert.deepEqual([log.start, log.end, log.segmentStarts.length], [5, 5, 0]);
  log.append(batch(5, 6), limits, 0, 0);
  assert.deepEqual(log.batchesFrom(5, 10).length, 1);
});
