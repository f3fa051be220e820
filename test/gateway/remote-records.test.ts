import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { encodeBatch, recordsOf, type StoredBatch } from '../../src/kinesis/record.ts';
import type { Engine } from '../../src/log/log.ts';
import * as errors from '../../src/log/log.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { OwnerWithWorkers, type TestWorker } from './owner-with-workers.ts';

const key = { stream: '1', shard: 0 };
const everything = { from: 0, since: 0, limit: { records: 1000, bytes: 1_000_000 } };

function recordsAt(worker: TestWorker): RemoteRecords {
  return new RemoteRecords(worker.parts.owner);
}

/** Also a batch that fills its memory, which changes hands. */
function batchOf(text: string) {
  const { count, bytes } = encodeBatch([{ partitionKey: 'k', data: Buffer.from(text) }]);
  return { count, bytes: Buffer.from(new Uint8Array(bytes).buffer) };
}

function textsOf(batches: readonly StoredBatch[]): string[] {
  return batches.flatMap((batch) => [...recordsOf(batch)].map(({ data }) => data.toString()));
}

async function serverWithStream(
  count: number,
  between?: (inner: Engine) => Engine,
): Promise<OwnerWithWorkers> {
  const server = await OwnerWithWorkers.of(count, {}, between);
  await server.workers[0]!.call('CreateStream', { StreamName: 's', ShardCount: 2 });
  await server.workers[0]!.active('s');
  return server;
}

/** An engine that rejects appends. */
function rejecting(error: Error): (inner: Engine) => Engine {
  return (inner) => alteredEngine(inner, { append: () => Promise.reject(error) });
}

test('what one worker appended, another reads at once', async () => {
  await using server = await serverWithStream(2);
  const [one, other] = server.workers;
  const { first, arrival } = await recordsAt(one!).append(key, batchOf('hello'));
  assert.equal(first, 0);
  const { batches, ...position } = await recordsAt(other!).read(key, everything);
  assert.deepEqual(position, { start: 0, end: 1, lastArrival: arrival });
  assert.deepEqual(textsOf(batches), ['hello']);
});

test('appends of several workers and turns get their offsets in the order of the calls', async () => {
  await using server = await serverWithStream(2);
  const firsts = await Promise.all(
    server.workers.map(async (worker) => {
      const records = recordsAt(worker);
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
    await using server = await serverWithStream(1, (inner) => {
      owner = inner;
      return inner;
    });
    const [worker] = server.workers;
    const records = recordsAt(worker!);
    for (const text of texts) await records.append(key, batchOf(text));
    const questions = sentBy(worker!);
    assert.deepEqual(textsOf((await records.read(key, everything)).batches), texts);
    assert.equal(questions(), 1);
    assert.deepEqual(textsOf((await owner!.read(key, everything)).batches), texts);
    assert.deepEqual(textsOf((await records.read(key, everything)).batches), texts);
  }
});

/** How many questions a worker has asked since. */
function sentBy({ parts: { owner } }: TestWorker): () => number {
  let count = 0;
  const ask = owner.ask.bind(owner);
  owner.ask = (...question) => {
    count++;
    return ask(...question);
  };
  return () => count;
}

test('a worker that no longer waits for growth leaves nothing behind at the owner', async () => {
  let waiting = 0;
  await using server = await serverWithStream(1, (inner) =>
    alteredEngine(inner, {
      grown: async (...asked) => {
        waiting++;
        await inner.grown(...asked);
        waiting--;
      },
    }),
  );
  const [worker] = server.workers;
  const records = recordsAt(worker!);
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
  worker!.parts.owner.close();
  while (waiting > 0) await settled();
  void left;
});

for (const Kind of Object.values(errors)) {
  const error = new Kind('what happened');
  test(`a ${error.name} of the owner's log is one at the worker`, async () => {
    await using server = await serverWithStream(1, rejecting(error));
    const records = recordsAt(server.workers[0]!);
    await assert.rejects(records.append(key, batchOf('x')), (raised: Error) => {
      assert.ok(raised instanceof error.constructor);
      assert.equal(raised.message, error.message);
      return true;
    });
  });
}

test("a system's error keeps its code and its number on the way to the worker", async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
  await using server = await serverWithStream(1, rejecting(full));
  const records = recordsAt(server.workers[0]!);
  await assert.rejects(records.append(key, batchOf('x')), {
    message: 'no space left',
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  });
});

test('a log that was dropped does not come to life again for a worker that saw its stream', async () => {
  const asked: string[] = [];
  await using server = await serverWithStream(1, (inner) =>
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
  const worker = server.workers[0]!;
  await worker.call('DeleteStream', { StreamName: 's' });
  await assert.rejects(recordsAt(worker).append(key, batchOf('late')), errors.DroppedError);
  await assert.rejects(recordsAt(worker).position(key), errors.DroppedError);
  await recordsAt(worker).grown(key, 0, new AbortController().signal);
  assert.deepEqual(asked, []);
});

test('an answer for a worker that has ended is dropped, and the others go on', async () => {
  const held = Promise.withResolvers<void>();
  await using server = await serverWithStream(2, (inner) =>
    alteredEngine(inner, {
      append: async (key, batch) => {
        await held.promise;
        return await inner.append(key, batch);
      },
    }),
  );
  const [ending, other] = server.workers;
  void recordsAt(ending!).append(key, batchOf('last words'));
  await settled();
  ending!.parts.owner.close();
  held.resolve();
  assert.equal((await recordsAt(other!).append(key, batchOf('after'))).first, 1);
});
