import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnerWithWorkers } from '../../gateway/owner-with-workers.ts';
import type { TestClient } from '../../gateway/test-client.ts';
import { TestCluster } from '../../gateway/test-cluster.ts';
import { Harness } from '../kinesis/harness.ts';
import { millraceAnswer, millraceCall } from './millrace-call.ts';

const StreamName = 'orders';
const aws = {
  WriteBytesPerSecond: 1024 * 1024,
  WriteRecordsPerSecond: 1000,
  ReadBytesPerSecond: 2 * 1024 * 1024,
  ReadsPerSecond: 5,
};

async function started(limits: 'aws' | 'none'): Promise<Harness> {
  const server = await Harness.start({ limits });
  await server.createStream(StreamName);
  return server;
}

type Calls = Pick<TestClient, 'call' | 'answer'>;

/** How many of so many small records are stored. */
async function stored(calls: Pick<Harness, 'call'>, count: number): Promise<number> {
  let all = 0;
  for (let left = count; left > 0; left -= 500) {
    const Records = Array(Math.min(500, left)).fill({ PartitionKey: 'k', Data: 'eA==' });
    const { FailedRecordCount } = await calls.call<{ FailedRecordCount: number }>('PutRecords', {
      ...{ StreamName, Records },
    });
    all += Records.length - FailedRecordCount;
  }
  return all;
}

/** How many of so many reads are answered. */
async function answered(calls: Calls | Harness, count: number): Promise<number> {
  const from = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' };
  const { ShardIterator } = await calls.call<{ ShardIterator: string }>('GetShardIterator', from);
  let all = 0;
  for (let nth = 0; nth < count; nth++) {
    if ((await calls.answer('GetRecords', { ShardIterator })).status === 200) all += 1;
  }
  return all;
}

test('with --limits none there are no five reads a second, and without it there are', async () => {
  await using free = await started('none');
  assert.equal(await answered(free, 20), 20);
  await using limited = await started('aws');
  assert.equal(await answered(limited, 20), 5);
});

test('a stream has limits of its own: less or more than the server, in all that is limited', async () => {
  await using server = await started('aws');
  await millraceCall(server, 'PutStreamLimits', {
    StreamName,
    Limits: { WriteRecordsPerSecond: 1700, ReadsPerSecond: 2 },
  });
  assert.equal(await stored(server, 2000), 1700);
  assert.equal(await answered(server, 20), 2);
  await millraceCall(server, 'PutStreamLimits', {
    StreamName,
    Limits: { Enforced: 'none', WriteBytesPerSecond: 40 },
  });
  await server.clock.advance(1000);
  assert.equal(await answered(server, 20), 20);
  assert.equal(await stored(server, 100), 20);
});

test('a server without limits enforces those of a stream, and only there', async () => {
  await using server = await started('none');
  await millraceCall(server, 'PutStreamLimits', { StreamName, Limits: { Enforced: 'aws' } });
  assert.equal(await stored(server, 2000), 1000);
  assert.equal(await answered(server, 20), 5);
  await millraceCall(server, 'PutStreamLimits', { StreamName, Limits: {} });
  assert.equal(await stored(server, 2000), 2000);
  await server.createStream('other');
  await millraceCall(server, 'PutStreamLimits', {
    StreamName: 'other',
    Limits: { WriteRecordsPerSecond: 1 },
  });
  assert.equal(await stored(server, 2000), 2000);
});

test('GetStreamLimits answers what was said, and what that comes to', async () => {
  await using server = await started('aws');
  const ask = () => millraceCall(server, 'GetStreamLimits', { StreamName });
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  assert.deepEqual(await ask(), { StreamName, StreamARN, Limits: {}, Effective: aws });
  const put = (Limits: object) => millraceCall(server, 'PutStreamLimits', { StreamARN, Limits });
  await put({ ReadsPerSecond: 50 });
  assert.deepEqual((await ask()).Effective, { ...aws, ReadsPerSecond: 50 });
  await put({ Enforced: 'none' });
  assert.deepEqual(await ask(), { StreamName, StreamARN, Limits: { Enforced: 'none' }, Effective: {} });
  await put({});
  assert.deepEqual(await ask(), { StreamName, StreamARN, Limits: {}, Effective: aws });
});

test('limits that cannot be are refused, and so are streams that are not there', async () => {
  await using server = await started('aws');
  const typeOf = async (input: object) =>
    (await millraceAnswer(server, 'PutStreamLimits', input)).body.__type;
  assert.match(await typeOf({ StreamName, Limits: { ReadsPerSecond: 0 } }), /ValidationException/);
  assert.match(await typeOf({ StreamName, Limits: { Enforced: 'some' } }), /ValidationException/);
  assert.match(await typeOf({ StreamName }), /ValidationException/);
  assert.match(await typeOf({ StreamName: 'nowhere', Limits: {} }), /ResourceNotFoundException/);
  assert.match(await typeOf({ Limits: {} }), /InvalidArgumentException/);
});

test('the limits of a stream hold over all threads together', async () => {
  for (const limits of ['aws', 'none'] as const) {
    await using server = await OwnerWithWorkers.of(2, { limits });
    const [first, second] = [server.workers[0]!, server.workers[1]!];
    await first.call('CreateStream', { StreamName, ShardCount: 1 });
    await first.active(StreamName);
    await second.active(StreamName);
    await first.millrace('PutStreamLimits', {
      StreamName,
      Limits: { WriteRecordsPerSecond: 1200, ReadsPerSecond: 3 },
    });
    assert.equal((await stored(first, 700)) + (await stored(second, 700)), 1200);
    assert.equal((await answered(first, 3)) + (await answered(second, 3)), 3);
  }
});

test('the limits of a stream hold over all gateways together, whatever the server has', async () => {
  for (const limits of ['aws', 'none'] as const) {
    await using cluster = await TestCluster.of(3, { limits });
    const [first, ...others] = cluster.gateways.map(({ client }) => client) as [TestClient, ...TestClient[]];
    await first.call('CreateStream', { StreamName, ShardCount: 1 });
    await first.active(StreamName);
    await first.millrace('PutStreamLimits', {
      StreamName,
      Limits: { WriteRecordsPerSecond: 1200, ReadsPerSecond: 3 },
    });
    let all = await stored(first, 700);
    for (const other of others) all += await stored(other, 700);
    assert.equal(all, 1200);
    assert.equal((await answered(first, 2)) + (await answered(others[0]!, 2)), 3);
  }
});
