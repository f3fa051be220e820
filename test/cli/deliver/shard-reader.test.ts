import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KinesisEnd } from '../../../src/cli/copy/kinesis-end.ts';
import { type From, Source } from '../../../src/cli/copy/source.ts';
import type { DeliveredShard } from '../../../src/cli/deliver/deliver-state.ts';
import { ShardReader } from '../../../src/cli/deliver/shard-reader.ts';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { recordsOf } from '../../../src/kinesis/record.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

/** A shard as AWS has it: sequence numbers say no offsets, and records expire. */
class FakeShard {
  /** The number of a record is what it says. */
  readonly records: number[] = [];
  pageRecords = 4;

  source(): Source {
    const place = {
      ...{ endpoint: 'http://localhost:1', region: 'us-east-1', ca: undefined },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
    const world = { clock: new ManualClock(1), random: new TestRandom(1), patienceMs: 0 };
    const client = { send: async (request: ClientSend) => this.#answer(request) };
    return new Source(new KinesisEnd(place, { ...world, client }), 'orders');
  }

  #answer({ headers, body }: ClientSend) {
    const input = JSON.parse(String(body));
    const answer = headers['x-amz-target']?.endsWith('.GetShardIterator')
      ? { ShardIterator: String(this.#indexOf(input)) }
      : this.#page(Number(input.ShardIterator));
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
  }

  #indexOf({ ShardIteratorType: type, StartingSequenceNumber: sequence }: Record<string, string>): number {
    if (type === 'TRIM_HORIZON') return 0;
    return Number(this.records.filter((number) => sequenceOf(number) > BigInt(sequence!))[0] ?? 1e9);
  }

  /** Iterators name the record that they are before. */
  #page(before: number) {
    const rest = this.records.filter((number) => number >= before);
    const page = rest.slice(0, this.pageRecords);
    return {
      Records: page.map((number) => ({
        ...{ SequenceNumber: String(sequenceOf(number)), PartitionKey: 'k' },
        Data: Buffer.from(String(number)).toString('base64'),
        ApproximateArrivalTimestamp: 1_700_000_000 + Math.floor(number / 3),
      })),
      NextShardIterator: String(rest[page.length] ?? (page.at(-1) ?? before) + 1),
      MillisBehindLatest: rest.length > page.length ? 1000 : 0,
    };
  }
}

const sequenceOf = (number: number) => 2n ** 185n + BigInt(number) * 999_999_999_989n;
const start: From = { ShardIteratorType: 'TRIM_HORIZON' };
const limit = { records: 10_000, bytes: 1_000_000 };

function readerOf(fake: FakeShard, anchors = new Map<number, string>()) {
  const shard: DeliveredShard = { shardId: 'shardId-000000000000', index: 0, parents: [], anchors };
  const until = Number.POSITIVE_INFINITY;
  const reader = new ShardReader({ source: fake.source(), shard, start, until, heard: () => undefined });
  /** The records from an offset on, each with its own, until the tip or some offset. */
  const read = async (from: number, end = Number.POSITIVE_INFINITY) => {
    const found: [offset: number, text: string][] = [];
    for (let next = from; next < end; ) {
      const { batches, isAtTip, next: reached } = await reader.read(next, limit);
      for (const batch of batches)
        for (const { offset, data } of recordsOf(batch)) found.push([offset, String(data)]);
      next = reached;
      if (isAtTip) break;
    }
    return found;
  };
  return { shard, reader, read };
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);
const counted = (numbers: readonly number[]) => numbers.map((number) => [number, String(number)]);

test('records are counted from where the delivery began, and read again from any offset that was reached', async () => {
  const fake = new FakeShard();
  fake.records.push(...upTo(10));
  const { read, shard } = readerOf(fake);
  assert.deepEqual(await read(0), counted(upTo(10)));
  assert.deepEqual([...shard.anchors.keys()], [4, 8, 10]);
  assert.deepEqual(await read(4), counted(upTo(10).slice(4)));
  await assert.rejects(read(5), /it is not known where record 5 of shardId-000000000000 is/);
});

test('a record has its number, though some before it have expired since they were counted', async () => {
  const fake = new FakeShard();
  fake.records.push(...upTo(20));
  const first = readerOf(fake);
  await first.read(0, 8);
  const anchors = new Map([[8, first.shard.anchors.get(8)!]]);
  fake.records.splice(0, 6);
  fake.pageRecords = 10;
  const again = await readerOf(fake, anchors).read(0);
  // What is left of the first eight has numbers below eight, and what comes behind has its own.
  assert.deepEqual(again.slice(0, 2), [
    [0, '6'],
    [1, '7'],
  ]);
  assert.deepEqual(again.slice(2), counted(upTo(20).slice(8)));
});

test('where all has expired, the tip is behind what was counted', async () => {
  const fake = new FakeShard();
  const anchors = new Map([[8, String(sequenceOf(7))]]);
  const { reader } = readerOf(fake, anchors);
  const { batches, next, isAtTip } = await reader.read(0, limit);
  assert.deepEqual({ batches, next, isAtTip }, { batches: [], next: 8, isAtTip: true });
});
