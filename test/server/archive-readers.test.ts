import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FakeS3, s3Credentials } from '../../harness/objects/fake-s3.ts';
import type { Harness } from '../services/kinesis/harness.ts';
import { type Subscriber, textsOf } from '../services/kinesis/subscriber.ts';
import { Machine } from './machine.ts';
import { temporaryDirectory } from './process.ts';

process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;
const outside = temporaryDirectory();
after(() => outside[Symbol.dispose]());
const rootKeyPath = join(outside.path, 'root-key');
writeFileSync(rootKeyPath, `${'5a'.repeat(32)}\n`, { mode: 0o600 });

const shard = { StreamName: 's', ShardId: 'shardId-000000000000' };
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const minute = 60_000;

/** A server that has archived so many records, with none of them in memory, and S3. */
async function archivedIn(records: number): Promise<{ machine: Machine; server: Harness; s3: FakeS3 }> {
  const archive = { archive: 's3://bucket/millrace', s3: 'http://s3.test', archiveAfter: 600 };
  const machine = new Machine({ rootKey: `file:${rootKeyPath}`, transitionDelay: 0, ...archive });
  const s3 = new FakeS3(() => machine.clock.now());
  s3.buckets.create('bucket');
  machine.client = s3;
  const before = await machine.boot();
  await before.createStream('s');
  for (const ConsumerName of ['c', 'd']) {
    await before.call('RegisterStreamConsumer', { StreamARN, ConsumerName });
  }
  await put(before, 0, records);
  for (let nth = 0; nth < 30; nth++) await machine.clock.advance(2 * minute);
  await before.settled();
  const [stream] = (await machine.disk.list('streams')).filter((name) => !name.startsWith('_'));
  const files = (await machine.disk.list(`streams/${stream}`)).filter((name) => name.endsWith('.log'));
  assert.equal(files.length, 1);
  machine.disk = machine.disk.nextProcess();
  return { machine, server: await machine.boot(), s3 };
}

async function put(server: Harness, from: number, end: number): Promise<void> {
  for (const text of texts(from, end)) {
    const Data = Buffer.from(text).toString('base64');
    await server.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
  }
}

function texts(from: number, end: number): string[] {
  return Array.from({ length: end - from }, (_, nth) => `record ${from + nth}`.padEnd(600, '.'));
}

async function iterator(server: Harness, ShardIteratorType: string): Promise<string> {
  const answer = await server.call<{ ShardIterator: string }>('GetShardIterator', {
    ...shard,
    ShardIteratorType,
  });
  return answer.ShardIterator;
}

type Page = {
  readonly Records: readonly { readonly Data: string }[];
  readonly NextShardIterator: string;
  readonly MillisBehindLatest: number;
};

/** The exception that ends a subscription, before a minute is over. */
async function exceptionOf({ clock }: Machine, subscriber: Subscriber): Promise<string | undefined> {
  for (let second = 0; second < 60; second++) {
    const exception = await subscriber.exception();
    if (exception !== undefined) return exception.type;
    await clock.advance(1000);
  }
  return undefined;
}

type Described = { readonly ConsumerDescription: { readonly ConsumerARN: string } };

/** All texts from an iterator to the tip. */
async function read(server: Harness, from: string): Promise<string[]> {
  const found: string[] = [];
  for (let ShardIterator = from; ; ) {
    const page = await server.call<Page>('GetRecords', { ShardIterator, Limit: 7 });
    found.push(...page.Records.map(({ Data }) => String(Buffer.from(Data, 'base64'))));
    if (page.Records.length === 0 && page.MillisBehindLatest === 0) return found;
    ShardIterator = page.NextShardIterator;
  }
}

/** What a call comes to that waits for the store: time passes meanwhile. */
async function inTime<T>({ clock }: Machine, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  for (let second = 0; !isDone && second < 60; second++) await clock.advance(1000);
  assert.ok(isDone, 'nobody answers in a minute');
  return await work;
}

async function subscribe(server: Harness, ConsumerName: string, Type: string): Promise<Subscriber> {
  const consumer = { StreamARN, ConsumerName };
  const answer = await server.call<Described>('DescribeStreamConsumer', consumer);
  const { ConsumerARN } = answer.ConsumerDescription;
  return await server.subscribe({ ConsumerARN, ShardId: shard.ShardId, StartingPosition: { Type } });
}

test('a reader and a subscriber go from the archive to the tip, each record once', async () => {
  const { machine, server } = await archivedIn(40);
  const subscriber = await subscribe(server, 'c', 'TRIM_HORIZON');
  await put(server, 40, 45);
  assert.deepEqual(await read(server, await iterator(server, 'TRIM_HORIZON')), texts(0, 45));
  const heard: string[] = [];
  for (let second = 0; heard.length < 45 && second < 60; second++) {
    await machine.clock.advance(1000);
    heard.push(...textsOf(await subscriber.events()));
  }
  assert.deepEqual(heard, texts(0, 45));
  await machine.close(server);
});

for (const fate of ['cut', 'silence'] as const) {
  test(`with a store that is away (${fate}) readers of the archive try again, and the tip goes on`, async () => {
    const { machine, server, s3 } = await archivedIn(40);
    const oldest = await iterator(server, 'TRIM_HORIZON');
    const tip = await iterator(server, 'LATEST');
    const live = await subscribe(server, 'c', 'LATEST');
    s3.fate = () => fate;
    const { status, body } = await inTime(machine, server.answer('GetRecords', { ShardIterator: oldest }));
    // What is not the client's fault, AWS's SDKs try again.
    assert.deepEqual([status, (body as { __type: string }).__type], [500, 'InternalFailure']);
    await put(server, 40, 45);
    assert.deepEqual(await read(server, tip), texts(40, 45));
    await machine.clock.advance(1000);
    assert.deepEqual(await live.texts(), texts(40, 45));
    const late = await inTime(machine, subscribe(server, 'd', 'TRIM_HORIZON'));
    assert.equal(await exceptionOf(machine, late), 'InternalFailureException');
    s3.fate = () => undefined;
    assert.deepEqual(await read(server, oldest), texts(0, 45));
    await machine.close(server);
  });
}
