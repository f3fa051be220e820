import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchOf, numbered, textsOf } from '../../harness/shard-text.ts';
import { DroppedError, type Log, SealedError, type ShardLog } from '../../src/log/log.ts';
import { settled, type TestClock } from './world.ts';

/** One engine, as the suite needs it: nothing in it yet, and with a clock that the suite sets. */
export type EngineUnderTest = {
  readonly clock: TestClock;
  readonly log: Log;
};

/** An engine that remembers. */
export type DurableEngineUnderTest = EngineUnderTest & {
  /** Opens the same log again after it was closed. */
  reopen(): Promise<Log>;
};

const key = { stream: 'stream', shard: 0 };
const plenty = { records: 10_000, bytes: 10_000_000 };

/** What every engine keeps. */
export function logContract(name: string, start: Start): void {
  describe(`${name} keeps the contract`, () => {
    appending(start);
    arriving(start);
    reading(start);
    seeking(start);
    trimming(start);
    sealing(start);
    growing(start);
    dropping(start);
    closing(start);
  });
}

type Start = () => Promise<EngineUnderTest>;

async function shardOf(start: Start): Promise<EngineUnderTest & { shard: ShardLog }> {
  const engine = await start();
  return { ...engine, shard: await engine.log.open(key) };
}

function appending(start: Start): void {
  test('a shard begins empty', async () => {
    const { log, shard } = await shardOf(start);
    assert.deepEqual([shard.start, shard.end, shard.lastArrival], [0, 0, Number.NEGATIVE_INFINITY]);
    assert.deepEqual(await shard.read(0, plenty), []);
    await log.close();
  });

  test('the same key opens the same object', async () => {
    const { log, shard } = await shardOf(start);
    assert.equal(await log.open({ ...key }), shard);
    assert.notEqual(await log.open({ ...key, shard: 1 }), shard);
    await log.close();
  });

  test('batches get offsets in the order of the calls, also when nobody waits between them', async () => {
    const { log, shard } = await shardOf(start);
    const sizes = [3, 1, 2, 5, 1];
    const answers = await Promise.all(
      sizes.map((size, index) => shard.append(batchOf(...Array(size).fill(`batch ${index}`)))),
    );
    assert.deepEqual(
      answers.map(({ first }) => first),
      [0, 3, 4, 6, 11],
    );
    assert.equal(shard.end, 12);
    assert.deepEqual(
      await textsOf(shard),
      sizes.flatMap((size, index) => Array(size).fill(`batch ${index}`)),
    );
    await log.close();
  });

  test('many callers at once keep their order in every shard', async () => {
    const { log } = await shardOf(start);
    const shards = await Promise.all([0, 1, 2].map((shard) => log.open({ ...key, shard })));
    const calls = numbered(0, 300).map((text, index) => shards[index % 3]!.append(batchOf(text)));
    const answers = await Promise.all(calls);
    for (const [index, { first }] of answers.entries()) assert.equal(first, Math.floor(index / 3));
    for (const [number, shard] of shards.entries()) {
      const expected = numbered(0, 300).filter((_, index) => index % 3 === number);
      assert.deepEqual(await textsOf(shard), expected);
    }
    await log.close();
  });
}

function arriving(start: Start): void {
  test('arrival times follow the clock and never go back', async () => {
    const { clock, log, shard } = await shardOf(start);
    const begin = clock.time;
    const arrivals: number[] = [];
    for (const time of [begin, begin + 10, begin - 5_000, begin + 20]) {
      clock.time = time;
      arrivals.push((await shard.append(batchOf('x'))).arrival);
    }
    assert.deepEqual(arrivals, [begin, begin + 10, begin + 10, begin + 20]);
    assert.equal(shard.lastArrival, begin + 20);
    assert.deepEqual(
      (await shard.read(0, plenty)).map(({ arrival }) => arrival),
      arrivals,
    );
    await log.close();
  });

  test('nothing is readable before the append is answered', async () => {
    const { log, shard } = await shardOf(start);
    let answered = false;
    const append = shard.append(batchOf('x')).then(() => {
      answered = true;
      assert.equal(shard.end, 1);
    });
    while (!answered) {
      const batches = await shard.read(0, plenty);
      if (batches.length > 0) assert.equal(shard.end, 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await append;
    await log.close();
  });

  test('a batch comes back byte for byte, with or without keys', async () => {
    const { log, shard } = await shardOf(start);
    const batch = batchOf('', 'a', 'ä'.repeat(70_000));
    await shard.append(batch);
    const [stored] = await shard.read(0, plenty);
    assert.deepEqual(stored?.bytes, batch.bytes);
    assert.equal(stored?.count, 3);
    await log.close();
  });
}

function reading(start: Start): void {
  test('a read from the middle of a batch answers the whole batch', async () => {
    const { log, shard } = await shardOf(start);
    await shard.append(batchOf(...numbered(0, 5)));
    await shard.append(batchOf(...numbered(5, 10)));
    const batches = await shard.read(3, { records: 1, bytes: 1_000_000 });
    assert.equal(batches.length, 1);
    assert.equal(batches[0]!.first, 0);
    assert.deepEqual(await textsOf(shard, 7), numbered(7, 10));
    await log.close();
  });

  test('a read ends with the batch that reaches a limit', async () => {
    const { log, shard } = await shardOf(start);
    for (let index = 0; index < 10; index++) await shard.append(batchOf(`record ${index}`));
    const bytes = batchOf('record 0').bytes.length;
    const countOf = async (limit: { records: number; bytes: number }) => (await shard.read(2, limit)).length;
    assert.equal(await countOf({ records: 1, bytes: 1_000 }), 1);
    assert.equal(await countOf({ records: 4, bytes: 1_000 }), 4);
    assert.equal(await countOf({ records: 4, bytes: 3 * bytes }), 3);
    assert.equal(await countOf({ records: 4, bytes: 3 * bytes + 1 }), 4);
    assert.equal(await countOf({ records: 100, bytes: 1_000 }), 8);
    assert.equal(await countOf({ records: 1, bytes: 1 }), 1);
    await log.close();
  });

  test('a read at the end is empty', async () => {
    const { log, shard } = await shardOf(start);
    await shard.append(batchOf('x'));
    assert.deepEqual(await shard.read(1, plenty), []);
    assert.deepEqual(await shard.read(7, plenty), []);
    await log.close();
  });
}

function seeking(start: Start): void {
  test('seek finds the first record at or after a time', async () => {
    const { clock, log, shard } = await shardOf(start);
    const begin = clock.time;
    for (const [index, later] of [0, 100, 100, 200].entries()) {
      clock.time = begin + later;
      await shard.append(batchOf(...numbered(index * 2, index * 2 + 2)));
    }
    assert.equal(await shard.seek(begin - 1), 0);
    assert.equal(await shard.seek(begin), 0);
    assert.equal(await shard.seek(begin + 1), 2);
    assert.equal(await shard.seek(begin + 100), 2);
    assert.equal(await shard.seek(begin + 100.5), 6);
    assert.equal(await shard.seek(begin + 200), 6);
    assert.equal(await shard.seek(begin + 201), 8);
    await shard.trim(5);
    assert.equal(await shard.seek(begin), 5);
    await log.close();
  });

  test('seek in an empty shard answers its end', async () => {
    const { log, shard } = await shardOf(start);
    assert.equal(await shard.seek(0), 0);
    await log.close();
  });
}

function trimming(start: Start): void {
  test('trim moves the start, never back and never past the end', async () => {
    const { log, shard } = await shardOf(start);
    for (let index = 0; index < 6; index += 2) await shard.append(batchOf(...numbered(index, index + 2)));
    await shard.trim(3);
    assert.equal(shard.start, 3);
    assert.deepEqual(await textsOf(shard), numbered(3, 6));
    assert.equal((await shard.read(0, plenty))[0]?.first, 2);
    await shard.trim(1);
    assert.equal(shard.start, 3);
    await shard.trim(1_000);
    assert.deepEqual([shard.start, shard.end], [6, 6]);
    assert.deepEqual(await shard.read(0, plenty), []);
    assert.equal((await shard.append(batchOf('next'))).first, 6);
    assert.deepEqual(await textsOf(shard), ['next']);
    await log.close();
  });

  test('trimming one shard leaves the others alone', async () => {
    const { log, shard } = await shardOf(start);
    const other = await log.open({ ...key, shard: 1 });
    await Promise.all([shard.append(batchOf('mine')), other.append(batchOf('theirs'))]);
    await shard.trim(1);
    assert.deepEqual(await textsOf(other), ['theirs']);
    await log.close();
  });
}

function sealing(start: Start): void {
  test('a sealed shard refuses appends, keeps its records and answers its end again', async () => {
    const { log, shard } = await shardOf(start);
    const append = shard.append(batchOf('a', 'b'));
    assert.equal(await shard.seal(), 2);
    await append;
    await assert.rejects(shard.append(batchOf('c')), SealedError);
    assert.equal(await shard.seal(), 2);
    assert.deepEqual(await textsOf(shard), ['a', 'b']);
    await log.close();
  });

  test('seals that nobody waits for are one seal', async () => {
    const { log, shard } = await shardOf(start);
    const seals = [shard.seal(), shard.seal()];
    await assert.rejects(shard.append(batchOf('late')), SealedError);
    assert.deepEqual(await Promise.all(seals), [0, 0]);
    await log.close();
  });
}

function growing(start: Start): void {
  const never = new AbortController().signal;

  test('who waits for growth waits until there is some', async () => {
    const { log, shard } = await shardOf(start);
    await shard.append(batchOf('a'));
    await shard.grown(0, never);
    const woken: string[] = [];
    const waits = [1, 2].map((past) => shard.grown(past, never).then(() => woken.push(`past ${past}`)));
    await settled();
    assert.deepEqual(woken, []);
    await shard.append(batchOf('b'));
    await settled();
    assert.deepEqual(woken, ['past 1']);
    await shard.append(batchOf('c'));
    await Promise.all(waits);
    await log.close();
  });

  test('who waits for growth is woken by a seal, a drop, a close and the signal', async () => {
    const { log, shard } = await shardOf(start);
    const abort = new AbortController();
    const aborted = shard.grown(0, abort.signal);
    abort.abort();
    await aborted;
    await shard.grown(0, AbortSignal.abort());
    const sealed = shard.grown(0, never);
    await shard.seal();
    await sealed;
    const dropped = (await log.open({ stream: 'dropped', shard: 0 })).grown(0, never);
    await log.drop('dropped');
    await dropped;
    const closed = (await log.open({ stream: 'closed', shard: 0 })).grown(0, never);
    await log.close();
    await closed;
  });
}

function dropping(start: Start): void {
  test('a dropped stream refuses everything, and its key begins anew', async () => {
    const { log, shard } = await shardOf(start);
    const kept = await log.open({ stream: 'kept', shard: 0 });
    await Promise.all([shard.append(batchOf('gone')), kept.append(batchOf('stays'))]);
    await log.drop(key.stream);
    await assert.rejects(shard.append(batchOf('x')), DroppedError);
    await assert.rejects(shard.read(0, plenty), DroppedError);
    await assert.rejects(shard.seek(0), DroppedError);
    await assert.rejects(shard.trim(1), DroppedError);
    await assert.rejects(shard.seal(), DroppedError);
    assert.deepEqual(await textsOf(kept), ['stays']);
    const fresh = await log.open(key);
    assert.equal(fresh.end, 0);
    assert.equal((await fresh.append(batchOf('new'))).first, 0);
    assert.deepEqual(await textsOf(fresh), ['new']);
    await log.close();
  });

  test('dropping what was never there is no error', async () => {
    const { log } = await shardOf(start);
    await log.drop('nobody');
    await log.close();
  });
}

function closing(start: Start): void {
  test('a closed log refuses, and lets what was asked before be finished', async () => {
    const { log, shard } = await shardOf(start);
    const append = shard.append(batchOf('last'));
    await log.close();
    assert.deepEqual(await append, { first: 0, arrival: (await append).arrival });
    await assert.rejects(shard.append(batchOf('x')), /closed/);
    await assert.rejects(log.open(key), /closed/);
  });
}

/** What an engine keeps besides, when it outlives the process. */
export function durableLogContract(name: string, start: () => Promise<DurableEngineUnderTest>): void {
  test(`${name}: a log that is opened again is as it was`, async () => {
    const { clock, log, reopen } = await start();
    const shard = await log.open(key);
    const sealed = await log.open({ ...key, shard: 1 });
    const trimmed = await log.open({ ...key, shard: 2 });
    for (const text of numbered(0, 5)) {
      clock.time += 1_000;
      await Promise.all([
        shard.append(batchOf(text)),
        sealed.append(batchOf(text)),
        trimmed.append(batchOf(text)),
      ]);
    }
    const lastArrival = clock.time;
    await sealed.seal();
    await trimmed.trim(5);
    await log.close();
    clock.time -= 100_000;
    const again = await reopen();
    const opened = await Promise.all([0, 1, 2].map((number) => again.open({ ...key, shard: number })));
    assert.deepEqual(
      opened.map(({ end }) => end),
      [5, 5, 5],
    );
    assert.deepEqual(await textsOf(opened[0]!), numbered(0, 5));
    await assert.rejects(opened[1]!.append(batchOf('x')), SealedError);
    assert.deepEqual(await opened[0]!.append(batchOf('record 5')), { first: 5, arrival: lastArrival });
    assert.deepEqual(await textsOf(opened[0]!), numbered(0, 6));
    await again.close();
  });
}
