import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../harness/shard-text.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { DroppedError, type Engine, type Records, SealedError } from '../../src/log/log.ts';
import { TestClock } from './world.ts';

/** Records, as their suite needs them: none in them yet, and with a clock that the suite sets. */
export type RecordsUnderTest = AsyncDisposable & {
  readonly clock: TestClock;
  readonly records: Records;
  /** The engine that has them, which may be elsewhere. */
  readonly engine: Engine;
  /** How many bytes more than was handed in are stored of a batch; undefined for none. */
  readonly bytesAdded?: number;
  /** Whether machines with clocks of their own say when records arrive. */
  readonly hasManyClocks?: boolean;
};

/** An engine, as its suite needs it. */
export type EngineUnderTest = Pick<RecordsUnderTest, 'clock' | 'engine' | 'bytesAdded' | 'hasManyClocks'>;

/** An engine that remembers. */
export type DurableEngineUnderTest = EngineUnderTest & {
  /** Opens the same log again after it was closed. */
  reopen(): Promise<Engine>;
};

const key = { stream: 'stream', shard: 0 };
const plenty = { records: 10_000, bytes: 10_000_000 };
const never = new AbortController().signal;

/** What everything keeps that gives records to the data plane. */
export function recordsContract(name: string, start: () => Promise<RecordsUnderTest>): void {
  const begin = async () => {
    const tested = await start();
    return Object.assign(tested, { shard: new OneShard(tested.engine, key, tested.records) });
  };
  describe(`${name} keeps the contract of records`, () => {
    records(begin);
    arriving(begin);
    expiring(begin);
    seeking(begin);
  });
}

/** What every engine keeps. */
export function engineContract(name: string, start: () => Promise<EngineUnderTest>): void {
  const begin = async () => {
    const { engine, ...started } = await start();
    const shard = new OneShard(engine, key);
    return { ...started, engine, records: engine, shard, [Symbol.asyncDispose]: () => engine.close() };
  };
  recordsContract(name, begin);
  describe(`${name} keeps the contract of engines`, () => engines(begin));
}

/** What of it can be tried where nobody sets the clock. */
export function engineContractByAnyClock(name: string, start: () => Promise<Engine>): void {
  const begin = async () => {
    const engine = await start();
    const shard = new OneShard(engine, key);
    const clock = new TestClock();
    return { clock, engine, records: engine, shard, [Symbol.asyncDispose]: () => engine.close() };
  };
  describe(`${name} keeps the contract of engines, by its own clock`, () => {
    records(begin);
    engines(begin);
  });
}

type Begin = () => Promise<RecordsUnderTest & { readonly shard: OneShard }>;

function records(begin: Begin): void {
  appending(begin);
  storing(begin);
  reading(begin);
  owning(begin);
  trimming(begin);
  ending(begin);
  growing(begin);
}

function engines(begin: Begin): void {
  preparing(begin);
  sealing(begin);
  dropping(begin);
  closing(begin);
}

function appending(begin: Begin): void {
  test('a shard begins empty', async () => {
    await using tested = await begin();
    const nothing = { start: 0, end: 0, lastArrival: Number.NEGATIVE_INFINITY };
    assert.deepEqual(await tested.shard.position(), nothing);
    const slice = await tested.records.read(key, { from: 0, since: 0, limit: plenty });
    assert.deepEqual(slice, { ...nothing, batches: [] });
  });

  test('batches get offsets in the order of the calls, also when none of them is awaited', async () => {
    await using tested = await begin();
    const { shard } = tested;
    const sizes = [3, 1, 2, 5, 1];
    const answers = await Promise.all(
      sizes.map((size, index) => shard.append(batchOf(...Array(size).fill(`batch ${index}`)))),
    );
    assert.deepEqual(
      answers.map(({ first }) => first),
      [0, 3, 4, 6, 11],
    );
    assert.equal(await shard.end(), 12);
    assert.deepEqual(
      await textsOf(shard),
      sizes.flatMap((size, index) => Array(size).fill(`batch ${index}`)),
    );
  });

  test('many callers at once keep their order in every shard', async () => {
    await using tested = await begin();
    const { engine, records } = tested;
    const shards = [0, 1, 2].map((shard) => new OneShard(engine, { ...key, shard }, records));
    const calls = numbered(0, 300).map((text, index) => shards[index % 3]!.append(batchOf(text)));
    const answers = await Promise.all(calls);
    for (const [index, { first }] of answers.entries()) assert.equal(first, Math.floor(index / 3));
    for (const [number, shard] of shards.entries()) {
      const expected = numbered(0, 300).filter((_, index) => index % 3 === number);
      assert.deepEqual(await textsOf(shard), expected);
    }
  });

  test('an append that comes while a shard is being opened is not overtaken', async () => {
    await using tested = await begin();
    const { shard } = tested;
    const firsts: Promise<{ first: number }>[] = [];
    for (let turn = 0; turn < 100; turn++) {
      firsts.push(shard.append(batchOf(`turn ${turn}`)));
      if (turn % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      else await Promise.resolve();
    }
    assert.deepEqual(
      (await Promise.all(firsts)).map(({ first }) => first),
      firsts.map((_, index) => index),
    );
  });
}

function arriving(begin: Begin): void {
  test('arrival times follow the clock, and never go back where it is one', async () => {
    await using tested = await begin();
    const { clock, shard } = tested;
    const first = clock.time;
    const arrivals: number[] = [];
    for (const time of [first, first + 10, first - 5_000, first + 20]) {
      clock.time = time;
      arrivals.push((await shard.append(batchOf('x'))).arrival);
    }
    const third = tested.hasManyClocks ? first - 5_000 : first + 10;
    assert.deepEqual(arrivals, [first, first + 10, third, first + 20]);
    assert.equal((await shard.position()).lastArrival, first + 20);
    assert.deepEqual(
      (await shard.read(0, plenty)).map(({ arrival }) => arrival),
      arrivals,
    );
  });

  test('a read says where the shard stands', async () => {
    await using tested = await begin();
    const { clock, records, shard } = tested;
    for (const text of numbered(0, 6)) {
      clock.time += 1_000;
      await shard.append(batchOf(text));
    }
    await shard.trim(2);
    const position = { start: 2, end: 6, lastArrival: clock.time };
    for (const from of [0, 3, 6]) {
      const limit = { records: 1, bytes: 1 };
      const { batches, ...stands } = await records.read(key, { from, since: 0, limit });
      assert.deepEqual(stands, position);
      assert.equal(batches.length, from < 6 ? 1 : 0);
    }
    assert.deepEqual(await shard.position(), position);
  });
}

function storing(begin: Begin): void {
  test('nothing is readable before the append is answered', async () => {
    await using tested = await begin();
    const { records, shard } = tested;
    let isAnswered = false;
    const append = shard.append(batchOf('x')).then(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      const { batches, end } = await records.read(key, { from: 0, since: 0, limit: plenty });
      assert.equal(batches.length, end);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await append;
    assert.equal(await shard.end(), 1);
  });

  test('a batch comes back byte for byte, with or without keys', async () => {
    await using tested = await begin();
    const batch = encodeBatch([
      { partitionKey: undefined, data: Buffer.alloc(0) },
      { partitionKey: 'key', data: Buffer.from('a') },
      { partitionKey: 'key', data: Buffer.from('ä'.repeat(70_000)) },
    ]);
    const bytes = Buffer.from(batch.bytes);
    await tested.shard.append(batch);
    const [stored] = await tested.shard.read(0, plenty);
    assert.deepEqual(stored?.bytes, bytes);
    assert.equal(stored?.count, 3);
  });
}

function reading(begin: Begin): void {
  test('a read from the middle of a batch answers the whole batch', async () => {
    await using tested = await begin();
    const { shard } = tested;
    await shard.append(batchOf(...numbered(0, 5)));
    await shard.append(batchOf(...numbered(5, 10)));
    const batches = await shard.read(3, { records: 1, bytes: 1_000_000 });
    assert.equal(batches.length, 1);
    assert.equal(batches[0]!.first, 0);
    assert.deepEqual(await textsOf(shard, 7), numbered(7, 10));
  });

  test('a read ends with the batch that reaches a limit', async () => {
    await using tested = await begin();
    const { shard } = tested;
    for (let index = 0; index < 10; index++) await shard.append(batchOf(`record ${index}`));
    const bytes = batchOf('record 0').bytes.length + (tested.bytesAdded ?? 0);
    const countOf = async (limit: { records: number; bytes: number }) => (await shard.read(2, limit)).length;
    assert.equal(await countOf({ records: 1, bytes: 1_000 }), 1);
    assert.equal(await countOf({ records: 4, bytes: 1_000 }), 4);
    assert.equal(await countOf({ records: 4, bytes: 3 * bytes }), 3);
    assert.equal(await countOf({ records: 4, bytes: 3 * bytes + 1 }), 4);
    assert.equal(await countOf({ records: 100, bytes: 1_000 }), 8);
    assert.equal(await countOf({ records: 1, bytes: 1 }), 1);
  });

  test('a read at the end, or past it, is empty', async () => {
    await using tested = await begin();
    const { shard } = tested;
    await shard.append(batchOf('x'));
    assert.deepEqual(await shard.read(1, plenty), []);
    assert.deepEqual(await shard.read(7, plenty), []);
  });
}

function owning(begin: Begin): void {
  test('batches that become the reader’s own lie one after the other, and no other reader has them', async () => {
    await using tested = await begin();
    const { engine, records, shard } = tested;
    const texts = [...numbered(0, 40), 'x'.repeat(20_000)];
    for (const text of texts) await shard.append(batchOf(text));
    for (const [from, isPassing] of [0, 30, 40].flatMap((each) => [
      [each, false] as const,
      [each, true] as const,
    ])) {
      const own = await records.read(key, { from, since: 0, limit: plenty, own: true, isPassing });
      for (const [index, { bytes }] of own.batches.entries()) {
        const next = own.batches[index + 1]?.bytes ?? { buffer: bytes.buffer, byteOffset: endOf(bytes) };
        assert.deepEqual([next.buffer, next.byteOffset], [bytes.buffer, endOf(bytes)]);
      }
      const fresh = new OneShard(engine, key, records);
      assert.deepEqual(await textsOf(fresh, from), texts.slice(from));
      for (const { bytes } of own.batches) bytes.fill(0);
      assert.deepEqual(await textsOf(fresh, from), texts.slice(from));
    }
  });
}

function endOf(bytes: Buffer): number {
  return bytes.byteOffset + bytes.length;
}

function expiring(begin: Begin): void {
  /** A batch of two records each second. */
  async function filled() {
    const tested = await begin();
    const { clock, shard } = tested;
    const first = clock.time;
    for (let index = 0; index < 20; index++) {
      clock.time = first + index * 1_000;
      await shard.append(batchOf(...numbered(index * 2, index * 2 + 2)));
    }
    return Object.assign(tested, { first });
  }

  test('a read leaves out what arrived before a time, wherever it begins', async () => {
    await using tested = await filled();
    const { shard, first } = tested;
    for (const from of [0, 1, 7, 19, 31]) {
      for (const later of [-1, 0, 1, 3_000, 4_500, 10_000, 19_000]) {
        const batches = await shard.read(from, plenty, first + later);
        const expected = Math.max(from - (from % 2), Math.ceil(Math.max(later, 0) / 1_000) * 2);
        assert.equal(batches[0]!.first, expected, `from ${from}, since ${later}`);
        assert.equal(batches.length, 20 - expected / 2);
      }
    }
  });

  test('limits count from the first batch that is not left out', async () => {
    await using tested = await filled();
    const { shard, first } = tested;
    const batches = await shard.read(0, { records: 3, bytes: 1_000_000 }, first + 5_000);
    assert.deepEqual(
      batches.map((batch) => batch.first),
      [10, 12],
    );
  });

  test('when all has arrived before, there is nothing up to the end', async () => {
    await using tested = await filled();
    const since = tested.clock.time + 1;
    const { batches, end } = await tested.records.read(key, { from: 3, since, limit: plenty });
    assert.deepEqual([batches, end], [[], 40]);
  });
}

function seeking(begin: Begin): void {
  test('seek finds the first record at or after a time', async () => {
    await using tested = await begin();
    const { clock, shard } = tested;
    const first = clock.time;
    for (const [index, later] of [0, 100, 100, 200].entries()) {
      clock.time = first + later;
      await shard.append(batchOf(...numbered(index * 2, index * 2 + 2)));
    }
    assert.equal(await shard.seek(first - 1), 0);
    assert.equal(await shard.seek(first), 0);
    assert.equal(await shard.seek(first + 1), 2);
    assert.equal(await shard.seek(first + 100), 2);
    assert.equal(await shard.seek(first + 100.5), 6);
    assert.equal(await shard.seek(first + 200), 6);
    assert.equal(await shard.seek(first + 201), 8);
    await shard.trim(5);
    assert.equal(await shard.seek(first), 5);
  });

  test('seek in an empty shard answers its end', async () => {
    await using tested = await begin();
    assert.equal(await tested.shard.seek(0), 0);
  });
}

function trimming(begin: Begin): void {
  test('trim moves the start, never back and never past the end', async () => {
    await using tested = await begin();
    const { shard } = tested;
    for (let index = 0; index < 6; index += 2) await shard.append(batchOf(...numbered(index, index + 2)));
    await shard.trim(3);
    assert.equal(await shard.start(), 3);
    assert.deepEqual(await textsOf(shard), numbered(3, 6));
    assert.equal((await shard.read(0, plenty))[0]?.first, 2);
    await shard.trim(1);
    assert.equal(await shard.start(), 3);
    await shard.trim(1_000);
    assert.deepEqual([await shard.start(), await shard.end()], [6, 6]);
    assert.deepEqual(await shard.read(0, plenty), []);
    assert.equal((await shard.append(batchOf('next'))).first, 6);
    assert.deepEqual(await textsOf(shard), ['next']);
  });

  test('trimming one shard leaves the others alone', async () => {
    await using tested = await begin();
    const { engine, records, shard } = tested;
    const other = new OneShard(engine, { ...key, shard: 1 }, records);
    await Promise.all([shard.append(batchOf('mine')), other.append(batchOf('theirs'))]);
    await shard.trim(1);
    assert.deepEqual(await textsOf(other), ['theirs']);
  });
}

function ending(begin: Begin): void {
  test('a sealed shard refuses appends and keeps its records', async () => {
    await using tested = await begin();
    const { shard } = tested;
    await shard.append(batchOf('a', 'b'));
    assert.equal(await shard.seal(), 2);
    await assert.rejects(shard.append(batchOf('c')), SealedError);
    assert.deepEqual(await textsOf(shard), ['a', 'b']);
  });

  test('a dropped stream refuses everything, and the others go on', async () => {
    await using tested = await begin();
    const { engine, records, shard } = tested;
    const kept = new OneShard(engine, { stream: 'kept', shard: 0 }, records);
    await Promise.all([shard.append(batchOf('gone')), kept.append(batchOf('stays'))]);
    await engine.drop(key.stream);
    await assert.rejects(shard.append(batchOf('x')), DroppedError);
    await assert.rejects(shard.read(0, plenty), DroppedError);
    await assert.rejects(shard.seek(0), DroppedError);
    await assert.rejects(shard.position(), DroppedError);
    assert.deepEqual(await textsOf(kept), ['stays']);
  });

  test('a stream that is dropped before it was ever used takes nothing either', async () => {
    await using tested = await begin();
    await tested.engine.drop(key.stream);
    await assert.rejects(tested.shard.append(batchOf('x')), DroppedError);
  });
}

function growing(begin: Begin): void {
  test('a wait for growth lasts until there is some', async () => {
    await using tested = await begin();
    const { shard } = tested;
    await shard.append(batchOf('a'));
    await shard.grown(0, never);
    const woken: string[] = [];
    const [soon, later] = [1, 2].map(async (past) => {
      await shard.grown(past, never);
      woken.push(`past ${past}`);
    });
    // What is asked after it is answered: by then it waits.
    await shard.position();
    assert.deepEqual(woken, []);
    await shard.append(batchOf('b'));
    await soon;
    await shard.position();
    assert.deepEqual(woken, ['past 1']);
    await shard.append(batchOf('c'));
    await later;
  });

  test('a wait for growth is ended by a seal, a drop and the signal', async () => {
    await using tested = await begin();
    const { engine, records, shard } = tested;
    const abort = new AbortController();
    const aborted = shard.grown(0, abort.signal);
    await shard.position();
    abort.abort();
    await aborted;
    await shard.grown(0, AbortSignal.abort());
    const sealed = shard.grown(0, never);
    await shard.position();
    await shard.seal();
    await sealed;
    await shard.grown(0, never);
    const kept = new OneShard(engine, { stream: 'kept', shard: 0 }, records);
    const dropped = kept.grown(0, never);
    await kept.position();
    await engine.drop('kept');
    await dropped;
    await kept.grown(0, never);
  });
}

function preparing(begin: Begin): void {
  test('a stream is prepared as often as one likes, and its shards are as they were', async () => {
    await using tested = await begin();
    const { engine, shard } = tested;
    const retention = 24 * 3_600_000;
    await engine.prepare(key.stream, { shards: [0, 1], retention });
    await shard.append(batchOf('a'));
    await engine.prepare(key.stream, { shards: [0, 1, 2], retention: 2 * retention });
    assert.deepEqual(await textsOf(shard), ['a']);
    assert.equal((await new OneShard(engine, { ...key, shard: 2 }).append(batchOf('b'))).first, 0);
    await engine.drop(key.stream);
    await assert.rejects(engine.prepare(key.stream, { shards: [3], retention }), DroppedError);
  });
}

function sealing(begin: Begin): void {
  test('a seal comes after the appends before it, and answers the same end again', async () => {
    await using tested = await begin();
    const { shard } = tested;
    const append = shard.append(batchOf('a', 'b'));
    assert.equal(await shard.seal(), 2);
    await append;
    assert.equal(await shard.seal(), 2);
  });

  test('seals that are not awaited are one seal', async () => {
    await using tested = await begin();
    const { shard } = tested;
    const seals = [shard.seal(), shard.seal()];
    await assert.rejects(shard.append(batchOf('late')), SealedError);
    assert.deepEqual(await Promise.all(seals), [0, 0]);
  });
}

function dropping(begin: Begin): void {
  test('a dropped stream can be neither sealed nor trimmed, and dropped again', async () => {
    await using tested = await begin();
    const { engine, shard } = tested;
    await shard.append(batchOf('gone'));
    await engine.drop(key.stream);
    await assert.rejects(shard.trim(1), DroppedError);
    await assert.rejects(shard.seal(), DroppedError);
    await engine.drop(key.stream);
  });

  test('dropping what was never there is no error', async () => {
    await using tested = await begin();
    await tested.engine.drop('nobody');
  });
}

function closing(begin: Begin): void {
  test('a closed engine refuses calls, wakes waiting callers, and finishes what was asked before', async () => {
    const { engine, shard } = await begin();
    await shard.position();
    const append = shard.append(batchOf('last'));
    const grown = new OneShard(engine, { ...key, shard: 1 }).grown(0, never);
    await engine.close();
    assert.equal((await append).first, 0);
    await grown;
    await shard.grown(7, never);
    await assert.rejects(shard.append(batchOf('x')), /closed/);
    await assert.rejects(shard.read(0, plenty), /closed/);
    await assert.rejects(shard.position(), /closed/);
    await assert.rejects(new OneShard(engine, { stream: 'other', shard: 0 }).position(), /closed/);
  });
}

/** What an engine keeps besides, when it outlives the process. */
export function durableEngineContract(name: string, start: () => Promise<DurableEngineUnderTest>): void {
  test(`${name}: a log that is opened again is as it was`, async () => {
    const { clock, engine, reopen, hasManyClocks } = await start();
    const shardsOf = (opened: Engine) => [0, 1, 2].map((shard) => new OneShard(opened, { ...key, shard }));
    const [shard, sealed, trimmed] = shardsOf(engine);
    for (const text of numbered(0, 5)) {
      clock.time += 1_000;
      await Promise.all([
        shard!.append(batchOf(text)),
        sealed!.append(batchOf(text)),
        trimmed!.append(batchOf(text)),
      ]);
    }
    const lastArrival = clock.time;
    await sealed!.seal();
    await trimmed!.trim(5);
    await engine.close();
    clock.time -= 100_000;
    const again = await reopen();
    const opened = shardsOf(again);
    assert.deepEqual(await Promise.all(opened.map((one) => one.end())), [5, 5, 5]);
    assert.deepEqual(await textsOf(opened[0]!), numbered(0, 5));
    await assert.rejects(opened[1]!.append(batchOf('x')), SealedError);
    const arrival = hasManyClocks ? clock.time : lastArrival;
    assert.deepEqual(await opened[0]!.append(batchOf('record 5')), { first: 5, arrival });
    assert.deepEqual(await textsOf(opened[0]!), numbered(0, 6));
    await again.close();
  });
}
