import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../harness/shard-text.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { Message } from '../../src/gateway/batched-port.ts';
import { RemoteThrottle } from '../../src/gateway/owned-throttle.ts';
import { RecordsClient } from '../../src/gateway/records-client.ts';
import { RecordsServer } from '../../src/gateway/records-server.ts';
import { RemoteRecords } from '../../src/gateway/remote-records.ts';
import { limits } from '../../src/kinesis/limits.ts';
import { ThrottledError } from '../../src/log/log.ts';
import { awsRates } from '../../src/stream/throttle.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { TestCluster, type TestGateway } from './test-cluster.ts';

// AWS's limits of a shard hold over all gateways, whichever of them a client asks.

type Results = { FailedRecordCount: number; Records: { SequenceNumber?: string; ErrorCode?: string }[] };

/** Three gateways, and a stream of one shard. */
async function start(StreamModeDetails = { StreamMode: 'PROVISIONED' }) {
  const cluster = await TestCluster.of(3, { limits: 'aws' });
  const { client } = cluster.gateways[0]!;
  const count = StreamModeDetails.StreamMode === 'PROVISIONED' ? { ShardCount: 1 } : {};
  await client.call('CreateStream', { StreamName: 's', ...count, StreamModeDetails });
  await client.active('s');
  const [stream] = [...cluster.control.catalog.state.streams.values()];
  const owner = cluster.ownerOf(`${stream!.id}/0`);
  return { cluster, stream: stream!, owner, others: cluster.othersThan(owner) };
}

/** Puts records of these many bytes, key and data; answers which were stored. */
async function put({ client }: TestGateway, sizes: readonly number[]): Promise<boolean[]> {
  const records = sizes.map((bytes) => ({
    PartitionKey: 'k',
    Data: Buffer.alloc(bytes - 1).toString('base64'),
  }));
  const { Records, FailedRecordCount } = await client.call<Results>('PutRecords', {
    StreamName: 's',
    Records: records,
  });
  const stored = Records.map(({ SequenceNumber }) => SequenceNumber !== undefined);
  assert.equal(stored.filter((isStored) => !isStored).length, FailedRecordCount);
  for (const { SequenceNumber, ErrorCode } of Records) {
    if (SequenceNumber === undefined) assert.equal(ErrorCode, 'ProvisionedThroughputExceededException');
  }
  return stored;
}

const storedOf = (stored: readonly boolean[]) => stored.filter((isStored) => isStored).length;
const small = (count: number) => Array<number>(count).fill(10);

test('a shard takes a thousand records a second by way of three gateways, and not one more', async () => {
  const { cluster, stream } = await start();
  await using _ = cluster;
  for (let second = 1; second <= 3; second++) {
    const puts = cluster.gateways.map((gateway) => put(gateway, small(400)));
    const stored = (await Promise.all(puts)).map(storedOf);
    assert.equal(
      stored.reduce((sum, each) => sum + each, 0),
      limits.shardWriteRecordsPerSecond,
    );
    assert.equal((await cluster.engine.position({ stream: stream.id, shard: 0 })).end, second * 1_000);
    await cluster.clock.advance(1_000);
  }
});

test('records are refused one by one as on one machine: a smaller one behind a refused one may pass', async () => {
  const { cluster, owner, others } = await start();
  await using _ = cluster;
  const MiB = 1024 * 1024;
  const sizes = [MiB / 2, MiB / 2 - 100, 200, 50, 200, 50];
  const expected = [true, true, false, true, false, true];
  for (const gateway of [...others, owner]) {
    assert.deepEqual(await put(gateway, sizes), expected);
    await cluster.clock.advance(1_000);
  }
});

test('what was refused takes nothing from the limits, and what was admitted is counted once', async () => {
  const { cluster, others } = await start();
  await using _ = cluster;
  const [one, other] = others as [TestGateway, TestGateway];
  assert.equal(storedOf(await put(one, small(500))), 500);
  assert.equal(storedOf(await put(other, small(450))), 450);
  // Refused but for fifty, and then sent again without being counted again.
  assert.equal(storedOf(await put(one, small(100))), 50);
  await cluster.clock.advance(500);
  assert.equal(storedOf(await put(other, small(500))), 500);
});

test('encrypted records are counted as they are, before they were encrypted', async () => {
  const { cluster, others } = await start();
  await using _ = cluster;
  const { client } = others[0]!;
  await client.call('StartStreamEncryption', {
    StreamName: 's',
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  });
  await client.active('s');
  await cluster.clock.advance(10_000);
  const MiB = 1024 * 1024;
  assert.deepEqual(await put(others[0]!, [MiB / 2, MiB / 2 - 50, 51, 50]), [true, true, false, true]);
});

test('five calls of GetRecords a second, and what they have read, are those of all gateways', async () => {
  const { cluster, owner } = await start();
  await using _ = cluster;
  await put(owner, small(1));
  const iterators = await Promise.all(cluster.gateways.map(iteratorAt));
  const read = async (nth: number) =>
    (await cluster.gateways[nth % 3]!.client.answer('GetRecords', { ShardIterator: iterators[nth % 3] }))
      .status;
  const statuses = await Promise.all(Array.from({ length: 9 }, (_, nth) => read(nth)));
  assert.equal(statuses.filter((status) => status === 200).length, 5);
  await cluster.clock.advance(1_000);
  const MiB = 1024 * 1024;
  for (let second = 0; second < 4; second++) {
    await put(owner, [MiB]);
    await cluster.clock.advance(1_000);
  }
  const again = await Promise.all(cluster.gateways.map(iteratorAt));
  const { status } = await cluster.gateways[0]!.client.answer('GetRecords', { ShardIterator: again[0] });
  assert.equal(status, 200);
  await settled();
  // 4 MiB were read: the next second pays for it, at every gateway.
  for (const [nth, { client }] of cluster.gateways.entries()) {
    assert.equal((await client.answer('GetRecords', { ShardIterator: again[nth] })).status, 400);
  }
});

test('five calls of GetShardIterator a second are those of all gateways', async () => {
  const { cluster } = await start();
  await using _ = cluster;
  const asked = Array.from({ length: 9 }, (_, nth) => iteratorAt(cluster.gateways[nth % 3]!));
  const iterators = await Promise.all(asked);
  assert.equal(
    iterators.filter((iterator) => iterator !== undefined).length,
    limits.shardIteratorCallsPerSecond,
  );
});

test('a worker of a gateway has the limits of the cluster, too', async () => {
  const { cluster, stream, owner, others } = await start();
  await using _ = cluster;
  const key = { stream: stream.id, shard: 0 };
  const [gateway] = others as [TestGateway];
  const worker = workerOf(cluster, gateway);
  const throttle = new RemoteThrottle(worker, () => awsRates);
  assert.equal(storedOf(await put(owner, small(500))), 500);
  const records = new RemoteRecords(worker);
  const append = (texts: readonly string[]) =>
    records.append(key, { ...batchOf(...texts), sizes: texts.map(({ length }) => length) });
  const MiB = 1024 * 1024;
  await append(['x'.repeat(MiB / 2)]);
  const refused = await append(['y'.repeat(MiB), 'z']).catch((error: unknown) => error);
  assert.ok(refused instanceof ThrottledError);
  assert.deepEqual(refused.refused, [0]);
  for (let call = 0; call < limits.shardReadCallsPerSecond; call++) assert.ok(await throttle.mayRead(key));
  assert.equal(await throttle.mayRead(key), false);
  assert.equal(await owner.throttle.mayRead(key), false);
  assert.ok(await throttle.mayIterate(key));
  await cluster.clock.advance(1_000);
  throttle.didRead(key, 4 * MiB);
  while (await throttle.mayRead(key)) await settled();
  assert.equal(await owner.throttle.mayRead(key), false);
});

/** What a worker of a gateway asks. */
function workerOf(cluster: TestCluster, { gateway, records, throttle, load }: TestGateway): RecordsClient {
  const [questions, ofWorker] = nodeWorkers.channel<readonly Message[], readonly Message[]>();
  const { clock, control } = cluster;
  const unasked = () => assert.fail('nobody asks for this');
  const server = new RecordsServer(questions, {
    ...{ clock, catalog: control.catalog, log: records, throttle, load: load.measured },
    ...{
      subscriptions: { begin: unasked, beginTail: unasked },
      keyService: gateway.keyService,
      ...gateway.forOthers,
    },
    ...{ health: () => 'ok', certificate: unasked, note: unasked, audited: unasked, busy: unasked },
    counted: unasked,
  });
  const client = new RecordsClient(ofWorker, clock);
  cluster.atClose(() => {
    client.close();
    server.close();
  });
  return client;
}

test('gateways that cannot reach the owner of a shard admit their part of its limits', async () => {
  const { cluster, owner, others } = await start();
  await using _ = cluster;
  for (const { member } of others) cluster.network.cut(owner.member.id, member.id);
  await settled();
  for (const gateway of others) {
    const stored = storedOf(await put(gateway, small(500)));
    assert.equal(stored, Math.floor(limits.shardWriteRecordsPerSecond / 3));
  }
  assert.equal(storedOf(await put(owner, small(500))), 500);
});

test('the load of an on-demand stream is what was stored, and all of it comes to the gateway that scales', async () => {
  const { cluster, stream, others } = await start({ StreamMode: 'ON_DEMAND' });
  await using _ = cluster;
  await Promise.all(cluster.gateways.map((gateway) => put(gateway, small(400))));
  await cluster.clock.advance(1_000);
  const [scaling] = others as [TestGateway];
  assert.deepEqual(scaling.load.told.report(), []);
  cluster.scaling.give(scaling.member);
  await cluster.clock.advance(1_000);
  const told = { records: 0, bytes: 0 };
  while (told.records < limits.shardWriteRecordsPerSecond) {
    for (const load of scaling.load.told.report()) {
      assert.equal(load.stream, stream.id);
      told.records += load.records;
      told.bytes += load.bytes;
    }
    await settled();
  }
  assert.deepEqual(told, { records: 1_000, bytes: 10_000 });
});

async function iteratorAt({ client }: TestGateway): Promise<string | undefined> {
  const { body } = await client.answer('GetShardIterator', {
    StreamName: 's',
    ShardId: '0',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return (body as { ShardIterator?: string }).ShardIterator;
}
