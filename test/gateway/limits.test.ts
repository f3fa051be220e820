import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { bucketsMemory, SharedBuckets } from '../../src/gateway/shared-buckets.ts';
import { awsThrottle, type LocalThrottle } from '../../src/stream/throttle.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { OwnerWithWorkers, type TestWorker } from './owner-with-workers.ts';

const key = { stream: '1', shard: 0 };

function allowed(tries: number, attempt: () => boolean): number {
  return Array.from({ length: tries }, attempt).filter(Boolean).length;
}

test("a shard's limits hold over all workers together", async () => {
  await using server = await OwnerWithWorkers.of(3, { limits: 'aws' });
  await server.workers[0]!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await server.workers[0]!.active('s');
  const Records = Array.from({ length: 400 }, () => ({ Data: 'eA==', PartitionKey: 'k' }));
  const answers = await Promise.all(
    server.workers.map((worker) =>
      worker.call<{ FailedRecordCount: number }>('PutRecords', { StreamName: 's', Records }),
    ),
  );
  const failed = answers.reduce((sum, { FailedRecordCount }) => sum + FailedRecordCount, 0);
  assert.equal(failed, 3 * 400 - 1000);
});

test('five reads a second are five, whichever workers are asked', async () => {
  await using server = await OwnerWithWorkers.of(2, { limits: 'aws' });
  await server.workers[0]!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await server.workers[0]!.active('s');
  const { ShardIterator } = await server.workers[0]!.call<{ ShardIterator: string }>('GetShardIterator', {
    StreamName: 's',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const statuses = [];
  for (let nth = 0; nth < 8; nth++) {
    const { status } = await server.workers[nth % 2]!.answer('GetRecords', { ShardIterator });
    statuses.push(status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 400, 400, 400]);
});

test('calls of operations are counted over all workers', async () => {
  await using server = await OwnerWithWorkers.of(2, { limits: 'aws' });
  const ask = async (worker: TestWorker) => (await worker.answer('DescribeLimits', {})).status;
  assert.deepEqual([await ask(server.workers[0]!), await ask(server.workers[1]!)], [200, 400]);
});

test('load of an on-demand stream at several workers is summed by the owner', async () => {
  await using server = await OwnerWithWorkers.of(2);
  await server.workers[0]!.call('CreateStream', {
    StreamName: 's',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  await server.workers[0]!.active('s');
  const put = { StreamName: 's', PartitionKey: 'k', Data: 'eHh4', ExplicitHashKey: '0' };
  for (const worker of [...server.workers, server.workers[0]!]) await worker.call('PutRecord', put);
  for (const { parts } of server.workers) parts.owner.tell('load', parts.load.report());
  // Asked after the reports were sent, and so answered after they were taken in.
  for (const worker of server.workers) await worker.active('s');
  const [shards] = server.load.take().values();
  const shard = shards!.get(0)!;
  assert.deepEqual([shard.records, shard.bytes], [3, 12]);
  assert.ok(shard.measured.slices[0]! > 0);
});

test('load of a stream that is gone is passed over', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const [worker] = server.workers;
  const slices = new Float64Array(64);
  worker!.parts.owner.tell('load', [{ stream: '7', shard: 0, bytes: 1, records: 1, slices }]);
  await worker!.answer('DescribeLimits', {});
  assert.equal(server.load.take().size, 0);
});

type Step =
  | { readonly kind: 'wait'; readonly delay: number }
  | { readonly kind: 'write' | 'read'; readonly shard: number; readonly bytes: number }
  | { readonly kind: 'iterate'; readonly shard: number };

const shard = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), delay: fc.nat(700) }),
  fc.record({ kind: fc.constantFrom('write' as const, 'read' as const), shard, bytes: fc.nat(3_000_000) }),
  fc.record({ kind: fc.constant('iterate' as const), shard }),
);

function take(throttle: LocalThrottle, taken: Exclude<Step, { kind: 'wait' }>): boolean {
  const at = { stream: '1', shard: taken.shard };
  if (taken.kind === 'write') return throttle.mayWrite(at, taken.bytes);
  if (taken.kind === 'iterate') return throttle.mayIterate(at);
  const may = throttle.mayRead(at);
  if (may) throttle.didRead(at, taken.bytes);
  return may;
}

test('shared buckets, in turns at two throttles, allow what those of one process allow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new ManualClock();
      const memory = bucketsMemory();
      const shared = [0, 1].map(() => awsThrottle(clock, new SharedBuckets(memory, clock)));
      const single = awsThrottle(clock);
      for (const [nth, taken] of steps.entries()) {
        if (taken.kind === 'wait') await clock.advance(taken.delay);
        else assert.equal(take(shared[nth % 2]!, taken), take(single, taken));
      }
    }),
    { numRuns: 100 },
  );
});

test('threads that take from one bucket at the same time get no more than it holds', async () => {
  const memory = bucketsMemory();
  const entry = new URL('bucket-thread.ts', import.meta.url);
  const taken = await Promise.all(
    Array.from({ length: 3 }, () => {
      const worker = new Worker(entry, { workerData: memory });
      return new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    }),
  );
  assert.equal(
    taken.reduce((sum, count) => sum + count, 0),
    1000,
  );
});

test('more shards than a set has room for push out the one that was quiet for longest', async () => {
  const clock = new ManualClock();
  const throttle = awsThrottle(clock, new SharedBuckets(bucketsMemory(), clock));
  const setsApart = 8192;
  const writeAll = (nth: number) =>
    allowed(1500, () => throttle.mayWrite({ stream: '1', shard: nth * setsApart }, 1));
  for (let nth = 0; nth < 8; nth++) {
    assert.equal(writeAll(nth), 1000);
    await clock.advance(1);
  }
  assert.equal(writeAll(0), 8);
  assert.equal(writeAll(8), 1000);
  assert.equal(writeAll(0), 0);
  assert.equal(writeAll(1), 1000);
});

test('buckets of a stream without a number are refused', () => {
  const throttle = awsThrottle(new ManualClock(), new SharedBuckets(bucketsMemory(), new ManualClock()));
  assert.throws(() => throttle.mayIterate({ ...key, stream: 'x' }));
});
