import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { encodeBatch, recordsOf, type StoredBatch } from '../../src/kinesis/record.ts';
import type { Engine } from '../../src/log/log.ts';
import * as errors from '../../src/log/log.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { Crowd, type Front } from './crowd.ts';

const key = { stream: '1', shard: 0 };
const everything = { from: 0, since: 0, limit: { records: 1000, bytes: 1_000_000 } };

function recordsAt(front: Front): RemoteRecords {
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

async function crowdWithStream(count: number, between?: (inner: Engine) => Engine): Promise<Crowd> {
  const crowd = await Crowd.of(count, {}, between);
  await crowd.fronts[0]!.call('CreateStream', { StreamName: 's', ShardCount: 2 });
  await crowd.fronts[0]!.active('s');
  return crowd;
}

/** An engine that rejects appends. */
function rejecting(error: Error): (inner: Engine) => Engine {
  return (inner) => alteredEngine(inner, { append: () => Promise.reject(error) });
}

test('what one front appended, another reads at once', async () => {
  await using crowd = await crowdWithStream(2);
  const [one, other] = crowd.fronts;
  const { first, arrival } = await recordsAt(one!).append(key, batchOf('hello'));
  assert.equal(first, 0);
  const { batches, ...position } = await recordsAt(other!).read(key, everything);
  assert.deepEqual(position, { start: 0, end: 1, lastArrival: arrival });
  assert.deepEqual(textsOf(batches), ['hello']);
});

test('appends of several fronts and turns get their offsets in the order of the calls', async () => {
  await using crowd = await crowdWithStream(2);
  const firsts = await Promise.all(
    crowd.fronts.map(async (front) => {
      const records = recordsAt(front);
      const appends = [];
      for (let turn = 0; turn < 5; turn++) {
        for (let nth = 0; nth < 4; nth++) appends.push(records.append(key, batchOf('x')));
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

test('a page of any number of batches is one question, and leaves the owner its memory', async () => {
  for (const texts of [
    ['one'],
    ['one', 'two'],
    ['large'.repeat(50_000)],
    ['x'.repeat(9_000), 'y'.repeat(9_000)],
  ]) {
    let owner: Engine | undefined;
    await using crowd = await crowdWithStream(1, (inner) => {
      owner = inner;
      return inner;
    });
    const [front] = crowd.fronts;
    const records = recordsAt(front!);
    for (const text of texts) await records.append(key, batchOf(text));
    const questions = sentBy(front!);
    assert.deepEqual(textsOf((await records.read(key, everything)).batches), texts);
    assert.equal(questions(), 1);
    assert.deepEqual(textsOf((await owner!.read(key, everything)).batches), texts);
    assert.deepEqual(textsOf((await records.read(key, everything)).batches), texts);
  }
});

/** How many questions a front has asked since. */
function sentBy({ parts: { owner } }: Front): () => number {
  let count = 0;
  const ask = owner.ask.bind(owner);
  owner.ask = (...question) => {
    count++;
    return ask(...question);
  };
  return () => count;
}

test('a front that no longer waits for growth leaves nothing behind at the owner', async () => {
  let waiting = 0;
  await using crowd = await crowdWithStream(1, (inner) =>
    alteredEngine(inner, {
      grown: async (...asked) => {
        waiting++;
        await inner.grown(...asked);
        waiting--;
      },
    }),
  );
  const [front] = crowd.fronts;
  const records = recordsAt(front!);
  const enough = new AbortController();
  const grown = Promise.all([0, 0, 7].map((past) => records.grown(key, past, enough.signal)));
  await records.position(key);
  assert.equal(waiting, 3);
  enough.abort();
  await grown;
  await records.position(key);
  assert.equal(waiting, 0);
  const left = records.grown(key, 0, new AbortController().signal);
  await records.position(key);
  front!.parts.owner.close();
  while (waiting > 0) await settled();
  void left;
});

for (const Kind of Object.values(errors)) {
  const error = new Kind('what happened');
  test(`a ${error.name} of the owner's log is one at the front`, async () => {
    await using crowd = await crowdWithStream(1, rejecting(error));
    const records = recordsAt(crowd.fronts[0]!);
    await assert.rejects(records.append(key, batchOf('x')), (raised: Error) => {
      assert.ok(raised instanceof error.constructor);
      assert.equal(raised.message, error.message);
      return true;
    });
  });
}

test("a system's error keeps its code and its number on the way to the front", async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
  await using crowd = await crowdWithStream(1, rejecting(full));
  const records = recordsAt(crowd.fronts[0]!);
  await assert.rejects(records.append(key, batchOf('x')), {
    message: 'no space left',
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  });
});

test('a log that was dropped does not come to life again for a front that saw its stream', async () => {
  const asked: string[] = [];
  await using crowd = await crowdWithStream(1, (inner) =>
    alteredEngine(inner, {
      append: (key, batch) => {
        asked.push(key.stream);
        return inner.append(key, batch);
      },
      position: (key) => {
        asked.push(key.stream);
        return inner.position(key);
      },
    }),
  );
  const front = crowd.fronts[0]!;
  await front.call('DeleteStream', { StreamName: 's' });
  await assert.rejects(recordsAt(front).append(key, batchOf('late')), errors.DroppedError);
  await assert.rejects(recordsAt(front).position(key), errors.DroppedError);
  await recordsAt(front).grown(key, 0, new AbortController().signal);
  assert.deepEqual(asked, []);
});

test('an answer for a front that has ended is dropped, and the others go on', async () => {
  const held = Promise.withResolvers<void>();
  await using crowd = await crowdWithStream(2, (inner) =>
    alteredEngine(inner, {
      append: async (key, batch) => {
        await held.promise;
        return await inner.append(key, batch);
      },
    }),
  );
  const [ending, other] = crowd.fronts;
  void recordsAt(ending!).append(key, batchOf('last words'));
  await settled();
  ending!.parts.owner.close();
  held.resolve();
  assert.equal((await recordsAt(other!).append(key, batchOf('after'))).first, 1);
});
