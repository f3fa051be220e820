import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tellCounted } from '../../src/gateway/remote-meter.ts';
import { type Counts, noCounts } from '../../src/stream/meter/counts.ts';
import type { MeterPage } from '../../src/stream/meter/meter-page.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { OwnerWithWorkers } from './owner-with-workers.ts';
import type { TestClient } from './test-client.ts';

type Result = { SequenceNumber?: string; ShardId?: string; ErrorCode?: string };
type Put = { readonly key: string; readonly bytes: number };

/** What clients of a stream were told, counted by hand. */
class Recount {
  readonly stored = new Map<string, Put[]>();
  throttled = 0;
  read = 0;
  readsThrottled = 0;

  add(puts: readonly Put[], results: readonly Result[]): void {
    results.forEach(({ ShardId, ErrorCode }, nth) => {
      if (ShardId !== undefined) this.stored.set(ShardId, [...(this.stored.get(ShardId) ?? []), puts[nth]!]);
      else if (ErrorCode === 'ProvisionedThroughputExceededException') this.throttled += 1;
    });
  }

  countsOf(shard: number): Partial<Counts> {
    const puts = this.stored.get(`shardId-${String(shard).padStart(12, '0')}`) ?? [];
    const sum = (of: (put: Put) => number) => puts.reduce((all, put) => all + of(put), 0);
    return {
      recordsIn: puts.length,
      bytesIn: sum(({ bytes }) => bytes),
      putUnits: sum(({ bytes }) => Math.ceil(bytes / 25_600)),
      kilobytesIn: sum(({ bytes }) => Math.ceil(bytes / 1_024)),
    };
  }
}

async function withStream(workers: number, ShardCount = 2, limits: 'aws' | 'none' = 'aws') {
  const server = await OwnerWithWorkers.of(workers, { limits });
  await server.workers[0]!.call('CreateStream', { StreamName: 's', ShardCount });
  await server.workers[0]!.active('s');
  return server;
}

async function put(worker: TestClient, puts: readonly Put[], recount: Recount): Promise<void> {
  const Records = puts.map(({ key, bytes }) => ({
    PartitionKey: key,
    Data: Buffer.alloc(bytes - key.length).toString('base64'),
  }));
  const answer = await worker.call<{ Records: Result[] }>('PutRecords', { StreamName: 's', Records });
  recount.add(puts, answer.Records);
}

async function putOne(worker: TestClient, { key, bytes }: Put, recount: Recount): Promise<void> {
  const Data = Buffer.alloc(bytes - key.length).toString('base64');
  const { status, body } = await worker.answer('PutRecord', { StreamName: 's', PartitionKey: key, Data });
  const { __type } = body as { __type?: string };
  recount.add(
    [{ key, bytes }],
    [status === 200 ? (body as Result) : { ErrorCode: String(__type).split('#').at(-1)! }],
  );
}

/** Reads some pages from the beginning of the first shard, in less than a second. */
async function read(worker: TestClient, recount: Recount): Promise<void> {
  const iterator = await worker.answer('GetShardIterator', {
    ...{ StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
  });
  if (iterator.status !== 200) return;
  for (let nth = 0; nth < 3; nth++) {
    const { status, body } = await worker.answer('GetRecords', iterator.body as object);
    if (status === 200) recount.read += (body as { Records: unknown[] }).Records.length;
    else recount.readsThrottled += 1;
  }
}

type Step =
  | { readonly kind: 'put'; readonly worker: number; readonly puts: readonly Put[] }
  | { readonly kind: 'put one'; readonly worker: number; readonly one: Put }
  | { readonly kind: 'read'; readonly worker: number }
  | { readonly kind: 'split' | 'wait' };

const aPut = fc.record({
  key: fc.integer({ min: 0, max: 9 }).map((key) => `k${key}`),
  bytes: fc.oneof(fc.integer({ min: 2, max: 3_000 }), fc.integer({ min: 25_000, max: 250_000 })),
});
const worker = fc.integer({ min: 0, max: 1 });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put'), worker, puts: fc.array(aPut, { minLength: 2, maxLength: 5 }) }),
  fc.record({ kind: fc.constant('put one'), worker, one: aPut }),
  fc.record({ kind: fc.constant('read'), worker }),
  fc.record({ kind: fc.constantFrom('split', 'wait') }),
);

async function take(server: OwnerWithWorkers, step: Step, recount: Recount): Promise<void> {
  if (step.kind === 'put') await put(server.workers[step.worker]!, step.puts, recount);
  else if (step.kind === 'put one') await putOne(server.workers[step.worker]!, step.one, recount);
  else if (step.kind === 'read') await read(server.workers[step.worker]!, recount);
  else if (step.kind === 'wait') await server.clock.advance(700);
  else await split(server);
}

/** Splits the first open shard in the middle, if the stream is not being changed already. */
async function split(server: OwnerWithWorkers): Promise<void> {
  const [stream] = [...server.catalog.state.streams.values()];
  const { index, range } = stream!.shards.find(({ closed }) => closed === undefined)!;
  await server.workers[0]!.answer('SplitShard', {
    ...{ StreamName: 's', ShardToSplit: `shardId-${String(index).padStart(12, '0')}` },
    NewStartingHashKey: String((range.first + range.last) / 2n),
  });
}

test('whatever is put, read and split at once, what was counted is what clients were told', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(aStep, { minLength: 2, maxLength: 7 }), { minLength: 1, maxLength: 3 }),
      async (rounds) => {
        await using server = await withStream(2);
        const recount = new Recount();
        for (const steps of rounds) await Promise.all(steps.map((step) => take(server, step, recount)));
        const { shards, limitsHit } = await server.meter.read();
        for (const counts of shards) {
          assert.partialDeepStrictEqual(counts, recount.countsOf(counts.shard));
        }
        const sum = (name: keyof Counts) => shards.reduce((all, counts) => all + counts[name], 0);
        const stored = [...recount.stored.values()].reduce((all, { length }) => all + length, 0);
        assert.deepEqual(
          [sum('recordsIn'), sum('recordsThrottled'), sum('recordsOut'), sum('readsThrottled')],
          [stored, recount.throttled, recount.read, recount.readsThrottled],
        );
        const hits = limitsHit.reduce(
          (all, { limit, count }) => all + (limit.includes(':Put') ? count : 0),
          0,
        );
        assert.equal(hits, recount.throttled);
      },
    ),
    { numRuns: 30 },
  );
});

test('a worker that ends leaves what it has counted to the owner, and a sum never falls', async () => {
  await using server = await withStream(2, 1, 'none');
  const recount = new Recount();
  for (const each of server.workers) await put(each, [{ key: 'k', bytes: 10 }], recount);
  const recordsIn = async () => (await server.meter.read()).shards[0]!.recordsIn;
  assert.equal(await recordsIn(), 2);
  const { meter, remoteMeter } = server.workers[1]!.parts;
  // It ends while it is asked: the owner asks again.
  const asked = recordsIn();
  tellCounted({ tell: (_, page) => server.meter.leave(remoteMeter, page as MeterPage) }, meter);
  remoteMeter.end();
  assert.equal(await asked, 2);
  assert.equal(await recordsIn(), 2);
  const { producers, operations } = await server.meter.read();
  assert.equal(
    producers.reduce((all, { records }) => all + records, 0),
    2,
  );
  assert.equal(operations.find(({ operation }) => operation === 'kinesis:PutRecords')!.calls, 2);
});

test('calls are counted once, in the thread that carried them out', async () => {
  await using server = await withStream(2, 1, 'none');
  const before = await server.meter.read();
  await server.workers[0]!.call('DescribeStreamSummary', { StreamName: 's' });
  await server.workers[0]!.call('AddTagsToStream', { StreamName: 's', Tags: { team: 'blue' } });
  assert.equal(
    (await server.workers[1]!.answer('DescribeStreamSummary', { StreamName: 'none' })).status,
    400,
  );
  const { operations } = await server.meter.read();
  const callsOf = (all: typeof operations, name: string) =>
    all.find(({ operation }) => operation === `kinesis:${name}`) ?? { calls: 0, clientErrors: 0 };
  const describes = callsOf(operations, 'DescribeStreamSummary');
  const describedBefore = callsOf(before.operations, 'DescribeStreamSummary');
  assert.equal(describes.calls - describedBefore.calls, 2);
  assert.equal(describes.clientErrors - describedBefore.clientErrors, 1);
  assert.equal(callsOf(operations, 'AddTagsToStream').calls, 1);
});

test('where nobody proves who he is, readers and producers are what their clients say that they are', async () => {
  await using server = await withStream(1, 1, 'none');
  const [worker] = server.workers;
  const recount = new Recount();
  await put(worker!.as('app/orders 1.0'), [{ key: 'k', bytes: 10 }], recount);
  await read(worker!.as('app/billing 2.1'), recount);
  const { producers, readers } = await server.meter.read();
  assert.deepEqual(
    [producers.map(({ name }) => name), readers.map(({ name, records }) => [name, records])],
    [['app/orders 1.0'], [['app/billing 2.1', 3]]],
  );
});

test('a consumer is known by its name, with what it was sent and how far it is', async () => {
  await using server = await withStream(1, 1, 'none');
  const [worker] = server.workers;
  const [stream] = [...server.catalog.state.streams.values()];
  const StreamARN = `arn:aws:kinesis:${stream!.region}:${stream!.account}:stream/s`;
  const { Consumer } = await worker!.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
    ...{ StreamARN, ConsumerName: 'billing' },
  });
  for (let status = ''; status !== 'ACTIVE'; await settled()) {
    const described = await worker!.call<{ ConsumerDescription: { ConsumerStatus: string } }>(
      'DescribeStreamConsumer',
      { ConsumerARN: Consumer.ConsumerARN },
    );
    status = described.ConsumerDescription.ConsumerStatus;
  }
  await put(
    worker!,
    [
      { key: 'k', bytes: 10 },
      { key: 'k', bytes: 20 },
    ],
    new Recount(),
  );
  const subscriber = await worker!.subscribe({
    ...{ ConsumerARN: Consumer.ConsumerARN, ShardId: 'shardId-000000000000' },
    StartingPosition: { Type: 'TRIM_HORIZON' },
  });
  for (let heard = 0; heard === 0; ) heard = (await subscriber.events()).length;
  const { readers, shards } = await server.meter.read();
  const { kind, name, records, bytes, ageMs, next } = readers[0]!;
  assert.deepEqual([kind, name, records, bytes, ageMs, next], ['fan-out', 'billing', 2, 30, 0, 2]);
  assert.partialDeepStrictEqual(shards[0], {
    ...noCounts,
    ...{ fanOutRecords: 2, fanOutBytes: 30 },
    recordsIn: 2,
    bytesIn: 30,
    putUnits: 2,
    kilobytesIn: 2,
  });
  await subscriber.leave();
});

test('what workers know of the keys of a shard is told together', async () => {
  await using server = await withStream(2, 1, 'none');
  for (const each of server.workers) {
    const puts = Array.from({ length: 100 }, (_, nth) => ({
      key: nth % 2 === 0 ? 'hot' : `k${nth}`,
      bytes: 10,
    }));
    await put(each, puts, new Recount());
  }
  const [stream] = [...server.catalog.state.streams.values()];
  const heat = (await server.meter.heatOf(stream!.id)).get(0)!;
  assert.deepEqual(
    heat.hotKeys.map(({ key }) => key),
    ['hot'],
  );
  assert.ok(heat.hotKeys[0]!.share >= 0.5);
});
