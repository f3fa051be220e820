import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import { startCursor, startCursors } from '../../../../src/services/lambda/mappings/start-cursors.ts';
import type { MappingRecord } from '../../../../src/services/lambda/state/lambda-state.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { orders, shard } from '../mapping-calls.ts';

type Start = MappingRecord['start'];

/** A shard with three records, an hour between each; the clock is an hour past the last. */
async function world() {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const times: number[] = [];
  for (let index = 0; index < 3; index++) {
    const { arrival } = await log.append(
      { stream: '1', shard: 0 },
      encodeBatch([{ partitionKey: 'k', data: Buffer.from([index]) }]),
    );
    times.push(arrival);
    await clock.advance(3_600_000);
  }
  const begin = (start: Start, { closed = false, retentionHours = 24, parallelization = 1 } = {}) =>
    startCursor(
      log,
      { ...orders, retentionHours },
      shard(0, closed ? { closed: { at: clock.now(), end: 3, childrenAt: clock.now() } } : {}),
      { start, parallelization },
      clock.now(),
    );
  return { log, times, begin };
}

const horizon: Start = { kind: 'TRIM_HORIZON' };

test('a mapping begins at the oldest record that is left, or at the first of a time', async () => {
  const { times, begin } = await world();
  assert.deepEqual((await begin(horizon, { parallelization: 2 })).marks, [0, 0]);
  assert.deepEqual((await begin(horizon, { retentionHours: 2 })).marks, [1]);
  assert.deepEqual((await begin({ kind: 'AT_TIMESTAMP', at: times[1]! })).marks, [1]);
  assert.deepEqual((await begin({ kind: 'AT_TIMESTAMP', at: times[1]! + 1 })).marks, [2]);
  assert.deepEqual((await begin({ kind: 'AT_TIMESTAMP', at: 0 }, { retentionHours: 2 })).marks, [1]);
});

test('a shard that came after a mapping at LATEST is read from its beginning', async () => {
  const { begin } = await world();
  assert.deepEqual((await begin({ kind: 'LATEST' })).marks, [0]);
});

test('a closed shard of which nothing is wanted is finished, so that its children begin', async () => {
  const { times, begin } = await world();
  const late: Start = { kind: 'AT_TIMESTAMP', at: times[2]! + 1 };
  assert.deepEqual(await begin(late, { closed: true }), { marks: [3], isFinished: true });
  assert.equal((await begin(horizon, { closed: true })).isFinished, undefined);
  assert.equal((await begin(late)).isFinished, undefined);
  assert.deepEqual(await begin(horizon, { closed: true, retentionHours: 0 }), {
    ...{ marks: [3], isFinished: true },
  });
});

test('a mapping at LATEST is committed with a cursor for each shard', async () => {
  const { log } = await world();
  const made = { uuid: 'u', start: { kind: 'LATEST' }, parallelization: 2 } as const;
  const stream = { ...orders, shards: [shard(0), shard(1, { closed: { at: 0, end: 7, childrenAt: 0 } })] };
  assert.deepEqual(await startCursors(log, stream, made), [
    { kind: 'said', of: 'cursor', key: 'u/1/0', value: { marks: [3, 3], isFinished: undefined } },
    { kind: 'said', of: 'cursor', key: 'u/1/1', value: { marks: [7, 7], isFinished: true } },
  ]);
  assert.deepEqual(await startCursors(log, stream, { ...made, start: horizon }), []);
});
