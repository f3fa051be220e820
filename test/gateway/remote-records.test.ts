import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { encodeBatch, recordsOf, type StoredBatch } from '../../src/kinesis/record.ts';
import type { Log, ShardLog } from '../../src/log/log.ts';
import * as errors from '../../src/log/log.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { Crowd, type Front } from './crowd.ts';

const key = { stream: '1', shard: 0 };
const page = { records: 1000, bytes: 1_000_000 };

function logAt(front: Front): Log {
  return new RemoteRecords(front.parts.owner);
}

/** Also a batch that fills its memory, which changes hands. */
function batchOf(text: string) {
  const { count, bytes } = encodeBatch([{ partitionKey: 'k', data: Buffer.from(text) }]);
  return { count, bytes: Buffer.from(new Uint8Array(bytes).buffer) };
}

function textsOf(batches: readonly StoredBatch[]): string[] {
  return batches.flatMap((batch) => [...recordsOf(batch)].map(({ data }) => data.toString()));
}

async function crowdWithStream(count: number, between?: (inner: Log) => Log): Promise<Crowd> {
  const crowd = await Crowd.of(count, {}, between);
  await crowd.fronts[0]!.call('CreateStream', { StreamName: 's', ShardCount: 2 });
  await crowd.fronts[0]!.active('s');
  return crowd;
}

/** A log whose shards reject appends. */
function rejecting(error: Error): (inner: Log) => Log {
  return (inner) => ({
    ...unchanged(inner),
    open: async (opened) =>
      Object.assign(Object.create(await inner.open(opened)) as ShardLog, {
        append: () => Promise.reject(error),
      }),
  });
}

function unchanged(inner: Log): Log {
  return { open: (opened) => inner.open(opened), drop: (id) => inner.drop(id), close: () => inner.close() };
}

test('what one front appended, another reads at once', async () => {
  await using crowd = await crowdWithStream(2);
  const [one, other] = crowd.fronts;
  const writer = await logAt(one!).open(key, 'append');
  const appended = await writer.append(batchOf('hello'));
  assert.equal(appended.first, 0);
  const reader = await logAt(other!).open(key);
  assert.deepEqual([await reader.start(), await reader.end(), reader.lastArrival], [0, 1, appended.arrival]);
  assert.deepEqual(textsOf(await reader.read(0, page)), ['hello']);
});

test('appends of several fronts and turns get their offsets in the order of the calls', async () => {
  await using crowd = await crowdWithStream(2);
  const firsts = await Promise.all(
    crowd.fronts.map(async (front) => {
      const log = await logAt(front).open(key, 'append');
      const appends = [];
      for (let turn = 0; turn < 5; turn++) {
        for (let nth = 0; nth < 4; nth++) appends.push(log.append(batchOf('x')));
        await settled();
      }
      return (await Promise.all(appends)).map(({ first }) => first);
    }),
  );
  for (const own of firsts)
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    );
  assert.deepEqual(
    firsts.flat().sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, nth) => nth),
  );
});

test('a read brings several batches, each with its place, and where the log stands now', async () => {
  await using crowd = await crowdWithStream(1);
  const log = await logAt(crowd.fronts[0]!).open(key);
  await log.append(batchOf('one'));
  await crowd.clock.advance(1000);
  await log.append(batchOf('two'));
  assert.equal(log.end, 0);
  const batches = await log.read(0, page);
  assert.deepEqual(textsOf(batches), ['one', 'two']);
  assert.deepEqual(
    batches.map(({ first, arrival }) => [first, arrival - batches[0]!.arrival]),
    [
      [0, 0],
      [1, 1000],
    ],
  );
  assert.equal(log.end, 2);
});

test('a read at the end brings nothing', async () => {
  await using crowd = await crowdWithStream(1);
  const log = await logAt(crowd.fronts[0]!).open(key);
  assert.deepEqual(await log.read(0, page), []);
});

test('a time is looked for by the owner', async () => {
  await using crowd = await crowdWithStream(1);
  const log = await logAt(crowd.fronts[0]!).open(key);
  await log.append(batchOf('one'));
  await crowd.clock.advance(1000);
  const { arrival } = await log.append(batchOf('two'));
  assert.equal(await log.seek(arrival), 1);
  assert.equal(await log.seek(arrival + 1), 2);
});

for (const Kind of Object.values(errors)) {
  const error = new Kind('what happened');
  test(`a ${error.name} of the owner's log is one at the front`, async () => {
    await using crowd = await crowdWithStream(1, rejecting(error));
    const log = await logAt(crowd.fronts[0]!).open(key, 'append');
    await assert.rejects(log.append(batchOf('x')), (raised: Error) => {
      assert.ok(raised instanceof error.constructor);
      assert.equal(raised.message, error.message);
      return true;
    });
  });
}

test("a system's error keeps its code and its number on the way to the front", async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
  await using crowd = await crowdWithStream(1, rejecting(full));
  const log = await logAt(crowd.fronts[0]!).open(key, 'append');
  await assert.rejects(log.append(batchOf('x')), {
    message: 'no space left',
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  });
});

test('a log that was dropped does not come to life again for a front that saw its stream', async () => {
  const opened: string[] = [];
  await using crowd = await crowdWithStream(1, (inner) => ({
    ...unchanged(inner),
    open: (asked) => {
      opened.push(asked.stream);
      return inner.open(asked);
    },
  }));
  const front = crowd.fronts[0]!;
  const log = await logAt(front).open(key, 'append');
  await front.call('DeleteStream', { StreamName: 's' });
  opened.length = 0;
  await assert.rejects(log.append(batchOf('late')), errors.DroppedError);
  await assert.rejects(logAt(front).open(key), errors.DroppedError);
  assert.deepEqual(opened, []);
});

test('an answer for a front that has ended is dropped, and the others go on', async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await using crowd = await crowdWithStream(2, (inner) => ({
    ...unchanged(inner),
    open: async (opened) => {
      const log = await inner.open(opened);
      const append: ShardLog['append'] = async (batch) => {
        await held;
        return await log.append(batch);
      };
      return Object.assign(Object.create(log) as ShardLog, { append });
    },
  }));
  const [ending, other] = crowd.fronts;
  void (await logAt(ending!).open(key, 'append')).append(batchOf('last words'));
  await settled();
  ending!.parts.owner.close();
  letGo();
  assert.equal((await (await logAt(other!).open(key, 'append')).append(batchOf('after'))).first, 1);
});
