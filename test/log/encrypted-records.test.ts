import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../harness/shard-text.ts';
import type { DataKeys, EncryptingKey } from '../../src/log/data-keys.ts';
import { EncryptedRecords } from '../../src/log/encrypted-records.ts';
import { KeyQueue } from '../../src/log/key-queue.ts';
import { type Engine, KeyError } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { recordsContract } from './contract.ts';
import { TestKeys } from './test-keys.ts';
import { TestClock } from './world.ts';

const shard = { stream: 'stream', shard: 0 };
const everything = { from: 0, since: 0, limit: { records: 1000, bytes: 1_000_000 } };

/** The keys of some other keys, known at once. */
class KeysAtHand implements DataKeys {
  readonly #keys: TestKeys;
  #current: EncryptingKey | undefined;

  private constructor(keys: TestKeys) {
    this.#keys = keys;
  }

  static async of(keys: TestKeys): Promise<KeysAtHand> {
    const atHand = new KeysAtHand(keys);
    atHand.#current = await keys.current();
    return atHand;
  }

  current(): EncryptingKey | undefined {
    return this.#current;
  }

  open: DataKeys['open'] = (wrapping) => this.#keys.open(wrapping);
}

async function begun(keys: DataKeys) {
  const clock = new TestClock();
  const engine = openMemoryLog(clock);
  const records = new EncryptedRecords(engine, keys);
  const shardThere = new OneShard(engine, shard, records);
  const close = () => engine.close();
  return { clock, engine, records, shard: shardThere, bytesAdded: 0, [Symbol.asyncDispose]: close };
}

/** A batch in a box. */
const boxed = { bytesAdded: 32 };

function renewed(): TestKeys {
  const keys = new TestKeys();
  keys.renew();
  return keys;
}

recordsContract('records of a stream that is not encrypted', () => begun(new TestKeys()));
recordsContract('encrypted records whose key is awaited', async () => ({
  ...(await begun(renewed())),
  ...boxed,
}));
recordsContract('encrypted records whose key is at hand', async () => ({
  ...(await begun(await KeysAtHand.of(renewed()))),
  ...boxed,
}));

test('what is stored holds nothing of the records, and says under which key it is', async () => {
  const keys = renewed();
  const { engine, records, shard: there } = await begun(keys);
  assert.equal((await there.append(batchOf('secret text'))).keyArn, keys.arn);
  const [stored] = (await engine.read(shard, everything)).batches;
  assert.equal(stored!.bytes.includes('secret'), false);
  assert.equal((await records.read(shard, everything)).batches[0]!.keyArn, keys.arn);
  keys.stop();
  assert.equal((await there.append(batchOf('open text'))).keyArn, undefined);
  const { batches } = await records.read(shard, everything);
  assert.deepEqual(
    batches.map(({ keyArn }) => keyArn),
    [keys.arn, undefined],
  );
  assert.deepEqual(await textsOf(there), ['secret text', 'open text']);
});

test('appends that come while a key is awaited, and those after, keep their order', async () => {
  const waiting = Promise.withResolvers<EncryptingKey>();
  const keys = renewed();
  const current = (await keys.current())!;
  let answer: EncryptingKey | Promise<EncryptingKey> = waiting.promise;
  const { shard: there } = await begun({ current: () => answer, open: (wrapping) => keys.open(wrapping) });
  const appends = numbered(0, 5).map((text) => there.append(batchOf(text)));
  answer = current;
  appends.push(...numbered(5, 10).map((text) => there.append(batchOf(text))));
  waiting.resolve(current);
  for (const text of numbered(10, 20)) {
    appends.push(there.append(batchOf(text)));
    await Promise.resolve();
  }
  const firsts = (await Promise.all(appends)).map(({ first }) => first);
  assert.deepEqual(firsts, [...firsts.keys()]);
  assert.deepEqual(await textsOf(there), numbered(0, 20));
});

test('without its key nothing is written of a stream, and once there is one it goes on', async () => {
  const keys = renewed();
  let trouble: 'thrown' | 'rejected' | undefined;
  const error = new KeyError('The key is disabled.', 'disabled');
  const { engine, shard: there } = await begun({
    current: () => {
      if (trouble === 'thrown') throw error;
      return trouble === 'rejected' ? Promise.reject(error) : keys.current();
    },
    open: (wrapping) => keys.open(wrapping),
  });
  for (trouble of ['thrown', 'rejected'] as const) {
    const results = await Promise.allSettled(numbered(0, 3).map((text) => there.append(batchOf(text))));
    for (const result of results) {
      assert.equal(result.status, 'rejected');
      assert.equal(result.reason, error);
    }
  }
  assert.deepEqual((await engine.read(shard, everything)).batches, []);
  trouble = undefined;
  await there.append(batchOf('there'));
  assert.deepEqual(await textsOf(there), ['there']);
});

test('what waits for a key is bounded, and no reason to refuse what need not wait', async () => {
  const keys = renewed();
  const hanging = Promise.withResolvers<EncryptingKey>();
  let current: () => EncryptingKey | undefined | Promise<EncryptingKey> = () => hanging.promise;
  const engine = openMemoryLog(new TestClock());
  const records = new EncryptedRecords(
    engine,
    { current: (stream) => (stream === 'plain' ? undefined : current()), open: (key) => keys.open(key) },
    new KeyQueue(100),
  );
  const batch = () => batchOf('x'.repeat(60));
  const waiting = [records.append(shard, batch()), records.append(shard, batch())];
  for (const stream of ['stream', 'another']) {
    const asked = records.append({ stream, shard: 0 }, batch()).then(
      () => 'stored',
      ({ code }) => code,
    );
    const waits = new Promise((resolve) => setImmediate(resolve, 'waits'));
    assert.equal(await Promise.race([asked, waits]), 'throttled');
  }
  await records.append({ stream: 'plain', shard: 0 }, batch());
  hanging.resolve((await keys.current())!);
  await Promise.all(waiting);
  for (const isThere of [true, false, true, false]) {
    current = async () => {
      if (isThere) return (await keys.current())!;
      throw new KeyError('It is away.');
    };
    const outcomes = await Promise.allSettled([batch(), batch()].map((each) => records.append(shard, each)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      Array(2).fill(isThere ? 'fulfilled' : 'rejected'),
    );
  }
  await engine.close();
});

test('a shard that is sealed, dropped or closed while a key is awaited takes nothing any more', async () => {
  const keys = renewed();
  const current = (await keys.current())!;
  const ends = {
    SealedError: (engine: Engine) => engine.seal(shard),
    DroppedError: (engine: Engine) => engine.drop(shard.stream),
    Error: (engine: Engine) => engine.close(),
  };
  for (const [name, end] of Object.entries(ends)) {
    const hanging = Promise.withResolvers<EncryptingKey>();
    const engine = openMemoryLog(new TestClock());
    const records = new EncryptedRecords(engine, {
      current: () => hanging.promise,
      open: (wrapping) => keys.open(wrapping),
    });
    const waiting = [1, 2].map(() => records.append(shard, batchOf('late')));
    await end(engine);
    hanging.resolve(current);
    for (const each of waiting) await assert.rejects(each, { name });
    if (name === 'SealedError') assert.equal((await engine.position(shard)).end, 0);
    await engine.close();
  }
});
