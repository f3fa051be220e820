import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsOf } from '../../src/kinesis/record.ts';
import type { Shard, Stream } from '../../src/kinesis/stream.ts';
import { FanOut, type FanOutEvent } from '../../src/stream/fan-out.ts';
import type { Page } from '../../src/stream/read.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { World } from './world.ts';

/** A fan-out over shard 0 whose events say the texts of their records, and how many of them were made. */
class Fixture {
  readonly world: World;
  readonly encoded: string[] = [];
  readonly #fanOut: FanOut;

  constructor(world: World) {
    this.world = world;
    this.#fanOut = new FanOut((_stream: Stream, _shard: Shard, { batches }: Page) => {
      const records = batches.flatMap((batch) => [...recordsOf(batch)]);
      const text = records.map(({ data }) => String(data)).join(' ');
      this.encoded.push(text);
      return Buffer.from(text);
    });
  }

  async event(from: number, shard: Shard = sampleStream(1).shards[0]!): Promise<FanOutEvent> {
    const { log, stream, clock } = this.world;
    return this.#fanOut.event(log, stream!, shard, from, clock.now());
  }
}

/** The shard once it is closed, with one record. */
const closedAfterOne: Shard = {
  ...sampleStream(1).shards[0]!,
  closed: { at: sampleTime, end: 1, childrenAt: sampleTime + 1000 },
};

async function start(...texts: string[]): Promise<Fixture> {
  const world = await World.with();
  await world.put(0, ...texts);
  return new Fixture(world);
}

test('twenty readers that ask for the same offset at the same time get the same bytes, read and encoded once', async () => {
  const fixture = await start('a', 'b');
  const events = await Promise.all(Array.from({ length: 20 }, () => fixture.event(0)));
  assert.equal(new Set(events.map(({ message }) => message)).size, 1);
  assert.deepEqual(fixture.encoded, ['a b']);
  await fixture.event(0);
  assert.deepEqual(fixture.encoded, ['a b'], 'later, too');
});

test('an event that was at the tip is made again once it no longer is', async () => {
  const fixture = await start('a');
  assert.equal((await fixture.event(0)).behind, 0);
  await fixture.world.put(0, 'b');
  const later = await fixture.event(0);
  assert.deepEqual([String(later.message), later.next, later.behind], ['a b', 2, 0]);
});

test('the last records of a shard are the same event before and after it is closed, and its end is another', async () => {
  // A record may hold nothing at all.
  for (const text of ['a', '']) {
    const fixture = await start(text);
    const open = await fixture.event(0);
    const closed = await fixture.event(0, closedAfterOne);
    assert.equal(closed, open);
    assert.deepEqual([closed.next, closed.behind, closed.finished], [1, 0, false]);
    const end = await fixture.event(1, closedAfterOne);
    assert.deepEqual([String(end.message), end.behind, end.finished], ['', 0, true]);
    assert.deepEqual(fixture.encoded, [text, '']);
  }
});

test('twenty readers that come to the end of a shard get the same bytes, encoded once', async () => {
  const fixture = await start('a');
  const ends = await Promise.all(Array.from({ length: 20 }, () => fixture.event(1, closedAfterOne)));
  assert.equal(new Set(ends.map(({ message }) => message)).size, 1);
  await fixture.event(1, closedAfterOne);
  assert.equal(fixture.encoded.length, 1);
});

test('a reader of the end of a shard does not get what was read while it was open', async () => {
  const fixture = await start('a');
  const [open, closed] = await Promise.all([fixture.event(1), fixture.event(1, closedAfterOne)]);
  assert.deepEqual([open.message, open.finished], [undefined, false]);
  assert.equal(closed.finished, true);
});

test('an event whose records have expired is not served again', async () => {
  const fixture = await start('a');
  assert.equal(String((await fixture.event(0)).message), 'a');
  await fixture.world.clock.advance(24 * 3_600_000 + 1);
  await fixture.world.put(0, 'b');
  assert.equal(String((await fixture.event(0)).message), 'b');
});

/** Has reads answer only once they are let go, with what was there when they were asked. */
function holdReads({ world: { log } }: Fixture): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const read = log.read.bind(log);
  log.read = async (...asked) => {
    const slice = await read(...asked);
    await promise;
    return slice;
  };
  return resolve;
}

test('what is written while an event is made does not have it made again for readers that asked before', async () => {
  const fixture = await start('a');
  const letGo = holdReads(fixture);
  const asked = [fixture.event(0), fixture.event(0)];
  await fixture.world.put(0, 'b');
  letGo();
  assert.deepEqual(
    (await Promise.all(asked)).map(({ message }) => String(message)),
    ['a', 'a'],
  );
  assert.deepEqual(fixture.encoded, ['a']);
});

test('a reader that asks after a record was acknowledged gets it, also while an event without it is made', async () => {
  const fixture = await start('a');
  const letGo = holdReads(fixture);
  const before = fixture.event(0);
  await fixture.world.put(0, 'b');
  const after = fixture.event(0);
  letGo();
  assert.deepEqual([String((await before).message), String((await after).message)], ['a', 'a b']);
});

test('where there is nothing to say there is no message', async () => {
  const fixture = await start('a');
  const { message, next, finished } = await fixture.event(1);
  assert.deepEqual({ message, next, finished }, { message: undefined, next: 1, finished: false });
  assert.deepEqual(fixture.encoded, []);
});

test('a read that fails is tried again for the next reader', async () => {
  const fixture = await start('a');
  const { log } = fixture.world;
  const read = log.read.bind(log);
  log.read = () => Promise.reject(new Error('the disk is away'));
  await assert.rejects(fixture.event(0), /the disk is away/);
  log.read = read;
  assert.equal(String((await fixture.event(0)).message), 'a');
});

test('an event holds a megabyte of data, and a larger record all by itself', async () => {
  const fixture = await start('x'.repeat(600_000), 'y'.repeat(600_000), 'z'.repeat(2_000_000), 'end');
  const bytes: number[] = [];
  for (let from = 0; from < 4; ) {
    const event = await fixture.event(from);
    bytes.push(event.bytes);
    from = event.next;
  }
  assert.deepEqual(bytes, [600_000, 600_000, 2_000_000, 3]);
});
