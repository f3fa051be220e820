import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CopiedPage, From, ListedShard } from '../../../src/cli/copy/source.ts';
import { type Reading, readMerged } from '../../../src/cli/read/merged-reading.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

/** Shards whose pages a test says, and what was asked of them. */
class FakeStream {
  readonly listed: ListedShard[] = [];
  readonly asked: string[] = [];
  readonly #pages = new Map<string, CopiedPage[]>();

  /** `rest` names a parent, or says that it is closed. */
  shard(id: string, pages: readonly CopiedPage[], rest: Partial<ListedShard> = {}): this {
    const range = { StartingHashKey: '0', EndingHashKey: '1' };
    this.listed.push({ ShardId: id, HashKeyRange: range, SequenceNumberRange: {}, ...rest });
    this.#pages.set(id, [...pages]);
    return this;
  }

  async shards(): Promise<readonly ListedShard[]> {
    return this.listed;
  }

  async *pages(shard: string, from: From): AsyncGenerator<CopiedPage> {
    this.asked.push(`${shard} ${from.ShardIteratorType}`);
    for (;;) {
      const page = this.#pages.get(shard)!.shift() ?? tip();
      yield page;
      if (page.isLast) return;
    }
  }
}

function page(arrivals: readonly number[], rest: Partial<CopiedPage> = {}): CopiedPage {
  const records = arrivals.map((arrival) => ({
    SequenceNumber: String(arrival),
    PartitionKey: `at-${arrival}`,
    Data: '',
    ApproximateArrivalTimestamp: arrival / 1000,
  }));
  return { records, behindMs: 1000, isLast: false, ...rest };
}

const tip = (...arrivals: number[]) => page(arrivals, { behindMs: 0 });
const last = (...arrivals: number[]) => page(arrivals, { isLast: true });

const all: Reading = {
  ...{ from: { ShardIteratorType: 'TRIM_HORIZON' }, end: undefined, follows: false, shards: undefined },
  pauseMs: 100,
};

/** The arrivals that are read, in their order. */
async function read(stream: FakeStream, reading: Partial<Reading> = {}, enough = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock();
  const seen: number[] = [];
  const records = readMerged(stream, { ...all, ...reading }, clock, new AbortController().signal);
  const reader = (async () => {
    for await (const some of records) {
      seen.push(...some.map(({ arrival }) => arrival));
      if (seen.length >= enough) return;
    }
  })();
  let isOver = false;
  const end = () => (isOver = true);
  reader.then(end, end);
  while (!isOver) await clock.advance(100);
  await reader;
  return seen;
}

test('records of all shards come in the order of their arrival, whatever their pages hold', async () => {
  const stream = new FakeStream()
    .shard('a', [page([1, 4, 9]), page([20]), tip(21)])
    .shard('b', [page([2, 3]), page([5, 6, 7, 8]), page([19]), tip()])
    .shard('c', [tip()]);
  assert.deepEqual(await read(stream), [1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 20, 21]);
});

test('a shard keeps its own order where its arrivals go back', async () => {
  const stream = new FakeStream().shard('a', [page([5, 3, 7]), tip()]).shard('b', [page([4, 6]), tip()]);
  assert.deepEqual(await read(stream), [4, 5, 3, 6, 7]);
});

test('at the tips records wait until each other shard was asked once more', async () => {
  // What b has at 2 was not there yet when it was asked with a's 3 on its way.
  const stream = new FakeStream().shard('a', [tip(3), tip(5)]).shard('b', [tip(), tip(2), tip(4)]);
  assert.deepEqual(await read(stream, { follows: true }, 4), [2, 3, 4, 5]);
});

test('what a split or a merge made is read after what it was made of, from its beginning', async () => {
  const stream = new FakeStream()
    .shard('a', [page([1]), last(9)])
    .shard('b', [page([2]), tip(10)])
    .shard('c', [page([8, 11]), last()], { ParentShardId: 'a' })
    .shard('d', [tip(12)], { ParentShardId: 'c', AdjacentParentShardId: 'a' });
  const from = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 0 } as const;
  assert.deepEqual(await read(stream, { from }), [1, 2, 9, 8, 10, 11, 12]);
  assert.deepEqual(stream.asked, ['a AT_TIMESTAMP', 'b AT_TIMESTAMP', 'c TRIM_HORIZON', 'd TRIM_HORIZON']);
});

test('from the tip on, shards that have ended are left alone', async () => {
  const closed = { SequenceNumberRange: { EndingSequenceNumber: '9' } };
  const stream = new FakeStream().shard('a', [last(1)], closed).shard('b', [tip(2)], { ParentShardId: 'a' });
  const from = { ShardIteratorType: 'LATEST' } as const;
  assert.deepEqual(await read(stream, { from, follows: true }, 1), [2]);
  assert.deepEqual(stream.asked, ['b LATEST']);
});

test('reading ends before a time, and with the shards that were asked for', async () => {
  const pages = [page([1, 5]), page([9, 12]), page([13])];
  assert.deepEqual(await read(new FakeStream().shard('a', pages), { end: 12 }), [1, 5, 9]);
  const stream = new FakeStream().shard('a', [page([1]), tip()]).shard('b', [page([2]), tip()]);
  assert.deepEqual(await read(stream, { shards: ['b'] }), [2]);
  await assert.rejects(read(stream, { shards: ['x'] }), /^StartError: there is no shard x; there are a, b$/);
});
