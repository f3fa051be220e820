import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KmsKey } from '../../../src/access/keys/state.ts';
import { OwnerWithWorkers } from '../../gateway/owner-with-workers.ts';
import { Harness } from './harness.ts';
import { kmsCall } from './kms-call.ts';

type Stored = { readonly Data: string; readonly EncryptionType?: string };

/** What calls operations: a server, or one of its workers. */
type Calls = Pick<Harness, 'answer' | 'call'>;

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

async function started(options: Parameters<typeof Harness.start>[0] = {}) {
  const server = await Harness.start({ limits: 'none', ...options });
  await server.createStream('s', 1);
  const kms = <Output>(operation: string, input: object) => kmsCall<Output>(server, operation, input);
  const newKey = async () =>
    (await kms<{ KeyMetadata: { KeyId: string } }>('CreateKey', {})).KeyMetadata.KeyId;
  return { server, kms, newKey, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Has a stream encrypted with a key, or no longer, and waits until it is. */
async function change(server: Harness, operation: 'Start' | 'Stop', KeyId: string): Promise<void> {
  await server.call(`${operation}StreamEncryption`, { StreamName: 's', EncryptionType: 'KMS', KeyId });
  await server.clock.advance(100);
}

async function putOne(calls: Calls, text: string): Promise<string | undefined> {
  const input = { StreamName: 's', PartitionKey: 'k', Data: Buffer.from(text).toString('base64') };
  return (await calls.call<{ EncryptionType?: string }>('PutRecord', input)).EncryptionType;
}

function putMany(calls: Calls, ...texts: string[]) {
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text).toString('base64') }));
  return calls.answer('PutRecords', { StreamName: 's', Records });
}

async function iteratorIn(calls: Calls): Promise<string> {
  const from = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  return (await calls.call<{ ShardIterator: string }>('GetShardIterator', from)).ShardIterator;
}

/** Each record with `KMS` where it is stored so. */
async function read(calls: Calls): Promise<string[]> {
  const input = { ShardIterator: await iteratorIn(calls) };
  const { Records } = await calls.call<{ Records: Stored[] }>('GetRecords', input);
  return Records.map(({ Data, EncryptionType = '' }) => `${Buffer.from(Data, 'base64')} ${EncryptionType}`);
}

/** Every way to put and to get fails with an exception of KMS. */
async function assertRefused(calls: Calls, type: string, text: RegExp): Promise<void> {
  const record = { StreamName: 's', PartitionKey: 'k', Data: 'eA==' };
  const answers = [
    await calls.answer('PutRecord', record),
    await putMany(calls, 'x', 'y'),
    await calls.answer('GetRecords', { ShardIterator: await iteratorIn(calls) }),
  ];
  for (const { status, body } of answers) {
    assert.equal(status, 400);
    const { __type, message } = body as { __type: string; message: string };
    assert.equal(__type, type);
    assert.match(message, text);
  }
}

test('records are encrypted while their stream is, and each says how it is stored', async () => {
  await using world = await started();
  const { server } = world;
  assert.equal(await putOne(server, 'before'), undefined);
  await change(server, 'Start', 'alias/aws/kinesis');
  assert.equal(await putOne(server, 'encrypted'), 'KMS');
  const { body } = await putMany(server, 'one', 'two');
  assert.equal((body as { EncryptionType?: string }).EncryptionType, 'KMS');
  await change(server, 'Stop', 'alias/aws/kinesis');
  assert.equal(await putOne(server, 'after'), undefined);
  const expected = ['before ', 'encrypted KMS', 'one KMS', 'two KMS', 'after '];
  assert.deepEqual(await read(server), expected);
  assert.deepEqual(await read(server), expected);
});

test('a page that ends within an encrypted batch says of each record how it is stored', async () => {
  await using world = await started();
  const { server } = world;
  await change(server, 'Start', 'alias/aws/kinesis');
  await putMany(server, 'one', 'two', 'three');
  const { Records } = await server.call<{ Records: Stored[] }>('GetRecords', {
    ShardIterator: await iteratorIn(server),
    Limit: 2,
  });
  assert.deepEqual(
    Records.map(({ EncryptionType }) => EncryptionType),
    ['KMS', 'KMS'],
  );
});

test('a stream whose key is disabled or to be deleted takes and gives nothing, and goes on by itself; others do not notice', async () => {
  await using world = await started();
  const { server, kms, newKey } = world;
  const KeyId = await newKey();
  await server.createStream('other');
  await change(server, 'Start', KeyId);
  await putMany(server, 'one');
  await kms('DisableKey', { KeyId });
  await assertRefused(server, 'KMSDisabledException', new RegExp(`key/${KeyId} is disabled\\.$`));
  await server.call('PutRecord', { StreamName: 'other', PartitionKey: 'k', Data: 'eA==' });
  await kms('EnableKey', { KeyId });
  assert.deepEqual(await read(server), ['one KMS']);
  await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await assertRefused(server, 'KMSInvalidStateException', /is pending deletion\.$/);
  await kms('CancelKeyDeletion', { KeyId });
  await kms('EnableKey', { KeyId });
  await putMany(server, 'two');
  assert.deepEqual(await read(server), ['one KMS', 'two KMS']);
});

test('once its key is deleted, what was encrypted with it cannot be read any more, and what came after can', async () => {
  await using world = await started();
  const { server, kms, newKey } = world;
  const KeyId = await newKey();
  await change(server, 'Start', KeyId);
  await putMany(server, 'lost');
  await change(server, 'Start', 'alias/aws/kinesis');
  await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await server.call('IncreaseStreamRetentionPeriod', { StreamName: 's', RetentionPeriodHours: 24 * 30 });
  await server.clock.advance(7 * 24 * 3_600_000 + 1000);
  await putMany(server, 'kept');
  const { status, body } = await server.answer('GetRecords', { ShardIterator: await iteratorIn(server) });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'KMSNotFoundException');
  const from = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'AT_TIMESTAMP' };
  const Timestamp = Math.floor(server.clock.now() / 1000) - 1;
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', {
    ...from,
    Timestamp,
  });
  const { Records } = await server.call<{ Records: Stored[] }>('GetRecords', { ShardIterator });
  assert.deepEqual(
    Records.map(({ Data }) => String(Buffer.from(Data, 'base64'))),
    ['kept'],
  );
});

test('a key that is not there, or cannot be used, is refused before the stream changes', async () => {
  await using world = await started();
  const { server, kms, newKey } = world;
  const KeyId = await newKey();
  await kms('DisableKey', { KeyId });
  const start = (named: string) =>
    server.answer('StartStreamEncryption', { StreamName: 's', EncryptionType: 'KMS', KeyId: named });
  const refused: [string, string, RegExp][] = [
    [KeyId, 'KMSDisabledException', /is disabled\.$/],
    ['alias/nothing', 'KMSNotFoundException', /^Alias arn:aws:kms:.*:alias\/nothing is not found\.$/],
    ['12345678-1234-1234-1234-123456789012', 'KMSNotFoundException', /^Key 'arn:aws:kms:.*' does not exist$/],
    ['k', 'KMSNotFoundException', /^Invalid keyId 'k'$/],
  ];
  for (const [named, type, text] of refused) {
    const { status, body } = await start(named);
    const { __type, message } = body as { __type: string; message: string };
    assert.deepEqual([status, __type], [400, type]);
    assert.match(message, text);
  }
  const { body } = await server.answer('DescribeStreamSummary', { StreamName: 's' });
  assert.match(JSON.stringify(body), /"StreamStatus":"ACTIVE".*"EncryptionType":"NONE"/);
});

test('with --encrypt every new stream is encrypted, and shows the key as it was named', async () => {
  await using world = await started({ encrypt: 'alias/aws/kinesis' });
  const { server } = world;
  const { body } = await server.answer('DescribeStreamSummary', { StreamName: 's' });
  assert.match(JSON.stringify(body), /"EncryptionType":"KMS","KeyId":"alias\/aws\/kinesis"/);
  assert.equal(await putOne(server, 'x'), 'KMS');
});

test('a consumer hears in its answer that a key is disabled, also for records that another one has got', async () => {
  await using world = await started();
  const { server, kms, newKey } = world;
  const KeyId = await newKey();
  await change(server, 'Start', KeyId);
  for (const ConsumerName of ['one', 'two']) {
    await server.call('RegisterStreamConsumer', { StreamARN: streamArn, ConsumerName });
  }
  await server.clock.advance(1000);
  await putMany(server, 'text');
  const { Consumers } = await server.call<{ Consumers: { ConsumerARN: string }[] }>('ListStreamConsumers', {
    StreamARN: streamArn,
  });
  const subscribe = (nth: number) =>
    server.subscribe({
      ConsumerARN: Consumers[nth]!.ConsumerARN,
      ShardId: 'shardId-000000000000',
      StartingPosition: { Type: 'TRIM_HORIZON' },
    });
  const first = await subscribe(0);
  assert.match(JSON.stringify(await first.events()), /"EncryptionType":"KMS"/);
  await kms('DisableKey', { KeyId });
  const second = await subscribe(1);
  const exception = await second.exception();
  assert.equal(exception?.type, 'KMSDisabledException');
  assert.match(exception.message, /is disabled\.$/);
});

test('in workers, too, a disabled key takes effect at once, and records of both threads are in order', async () => {
  await using server = await OwnerWithWorkers.of(2);
  const [one, two] = server.workers;
  await one!.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await one!.active('s');
  const start = { StreamName: 's', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  await one!.call('StartStreamEncryption', start);
  await one!.active('s');
  for (const [nth, text] of ['a', 'b', 'c', 'd'].entries()) {
    assert.equal(await putOne(nth % 2 === 0 ? one! : two!, text), 'KMS');
  }
  const expected = ['a KMS', 'b KMS', 'c KMS', 'd KMS'];
  assert.deepEqual(await read(one!), expected);
  assert.deepEqual(await read(two!), expected);
  const { keys } = server.control;
  const [{ id }] = [...keys.state.keys.values()] as [KmsKey];
  const set = (status: KmsKey['status']) =>
    keys.commit(() => [{ kind: 'key-changed', id, settings: { status } }]);
  await set('Disabled');
  for (const worker of [one!, two!]) await assertRefused(worker, 'KMSDisabledException', /is disabled\.$/);
  await set('Enabled');
  assert.deepEqual(await read(two!), expected);
  assert.equal(await putOne(two!, 'e'), 'KMS');
});
