import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { s3Credentials } from '../../harness/objects/fake-s3.ts';
import { FakeS3Server } from '../../harness/objects/fake-s3-server.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { openObjectStore } from '../../src/objects/open-object-store.ts';
import { nodeEnv } from '../../src/server/node-env.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { MillraceProcess, temporaryDirectory } from '../server/process.ts';
import { onlyInFull } from './extent.ts';
import { MotoServer } from './moto-server.ts';

const variables = {
  AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
};
Object.assign(process.env, variables);
const moto = onlyInFull || (await MotoServer.start());
const ours = await FakeS3Server.start();
ours.s3.buckets.create('backups');
after(async () => {
  if (typeof moto === 'object') moto[Symbol.dispose]();
  await ours[Symbol.asyncDispose]();
});

const mebibyte = 1024 * 1024;
const hour = 3_600_000;

/** A server on a directory and an archive, whose wall clock can be set. */
class ArchivingServer implements AsyncDisposable {
  readonly #directory = temporaryDirectory();
  readonly #url: string;
  readonly #segmentBytes: number;
  #server: Server | undefined;
  #client: KinesisClient | undefined;
  aheadMs = 0;

  constructor(url: string, segmentBytes: number) {
    this.#url = url;
    this.#segmentBytes = segmentBytes;
  }

  get data(): string {
    return join(this.#directory.path, 'data');
  }

  get client(): KinesisClient {
    return this.#client!;
  }

  async start(): Promise<void> {
    const given = { port: 0, limits: 'none', logLevel: 'silent', transitionDelay: 0, audit: 'off' } as const;
    const archive = { archive: 's3://backups/millrace', archiveAfter: 0, s3: this.#url };
    const options = { ...defaultOptions, ...given, ...archive };
    const settings = { ...options, data: this.data, segmentBytes: this.#segmentBytes };
    const env = nodeEnv(settings);
    const clock = { ...env.clock, now: () => Date.now() + this.aheadMs };
    this.#server = await startServer(settings, { ...env, clock });
    this.#client = clientOf(this.#server.url);
  }

  /** How many segments of the stream have a file. */
  async filesLeft(): Promise<number> {
    const streams = await readdir(join(this.data, 'streams'));
    const stream = streams.find((name) => !name.startsWith('_'))!;
    const names = await readdir(join(this.data, 'streams', stream));
    return names.filter((name) => name.endsWith('.log')).length;
  }

  async close(): Promise<void> {
    this.#client?.destroy();
    await this.#server?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.#directory[Symbol.dispose]();
  }
}

function clientOf(endpoint: string, maxAttempts = 1): KinesisClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new KinesisClient({ endpoint, region: 'us-east-1', credentials, maxAttempts });
}

function storeAt(url: string): ObjectStore {
  const diskAt = () => assert.fail('no disk was to be asked');
  const world = { clock: nodeClock, random: nodeRandom(), client: createHttpClient(), diskAt };
  return openObjectStore(world, { url, region: 'us-east-1', credentials: s3Credentials });
}

async function segmentsIn(url: string): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
  return (await storeAt(url).list('backups', { prefix: 'millrace/streams/' })).objects;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await condition()); turn++) {
    assert.ok(turn < 3_000, 'it takes too long');
    await nodeClock.sleep(100);
  }
}

async function createStream({ client }: ArchivingServer): Promise<void> {
  const { CreateStreamCommand, DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await until(async () => {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    return answer.StreamDescriptionSummary!.StreamStatus === 'ACTIVE';
  });
}

/** Bytes that are not to be packed, and that their number says. */
function dataOf(nth: number, bytes: number): Buffer {
  const pieces = [Buffer.from(`${nth}:`)];
  for (let at = 0; at * 64 < bytes; at++) pieces.push(createHash('sha512').update(`${nth} ${at}`).digest());
  return Buffer.concat(pieces).subarray(0, bytes);
}

async function put(client: KinesisClient, from: number, end: number, bytes: number): Promise<void> {
  for (let nth = from; nth < end; nth += 4) {
    const Records = Array.from({ length: Math.min(4, end - nth) }, (_, index) => {
      return { PartitionKey: `${nth + index}`, Data: dataOf(nth + index, bytes) };
    });
    const answer = await client.send(new PutRecordsCommand({ StreamName: 's', Records }));
    assert.equal(answer.FailedRecordCount, 0);
  }
}

/** All records of the stream, shard by shard, parents first. */
async function read(client: KinesisClient): Promise<Buffer[]> {
  const found: Buffer[] = [];
  const { Shards } = await client.send(new ListShardsCommand({ StreamName: 's' }));
  for (const { ShardId } of Shards!) {
    const begin = { StreamName: 's', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(begin));
    while (ShardIterator !== undefined) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator }));
      found.push(...page.Records!.map(({ Data }) => Buffer.from(Data!)));
      if (page.Records!.length === 0 && page.MillisBehindLatest === 0) break;
      ShardIterator = page.NextShardIterator;
    }
  }
  return found;
}

async function requireRecords(client: KinesisClient, end: number, bytes: number): Promise<void> {
  const found = await read(client);
  assert.equal(found.length, end);
  for (const [nth, data] of found.entries()) assert.ok(data.equals(dataOf(nth, bytes)), `record ${nth}`);
}

const stores = { 'the imitation of S3': ours.url, moto: typeof moto === 'object' ? moto.url : undefined };

for (const [name, url] of Object.entries(stores)) {
  const skip = onlyInFull || (url === undefined ? String(moto) : false);
  test(`what is archived over the wire to ${name} is read, restored, and removed after its retention`, {
    skip,
  }, async () => {
    if (name === 'moto') assert.equal((await fetch(`${url}/backups`, { method: 'PUT' })).status, 200);
    await using server = new ArchivingServer(url!, mebibyte);
    await server.start();
    await createStream(server);
    await put(server.client, 0, 200, 50_000);
    await until(async () => (await server.filesLeft()) === 1 && (await segmentsIn(url!)).length >= 9);
    await requireRecords(server.client, 200, 50_000);
    await until(
      async () => (await storeAt(url!).list('backups', { prefix: 'millrace/control/0' })).objects.length > 0,
    );
    await requireRestored(server, url!);
    await server.close();
    server.aheadMs = 25 * hour;
    await server.start();
    await put(server.client, 200, 204, 50_000);
    await until(async () => (await segmentsIn(url!)).length <= 1);
    const left = await read(server.client);
    assert.deepEqual(
      left.map((data) => Number.parseInt(String(data), 10)),
      [200, 201, 202, 203],
    );
  });

  test(`segments above 16 MiB go to ${name} in parts`, { skip }, async () => {
    await using server = new ArchivingServer(url!, 20 * mebibyte);
    await emptyBucket(url!);
    await server.start();
    await createStream(server);
    await put(server.client, 0, 60, 900_000);
    await until(async () => (await segmentsIn(url!)).some(({ bytes }) => bytes > 16 * mebibyte));
    const { key } = (await segmentsIn(url!)).find(({ bytes }) => bytes > 16 * mebibyte)!;
    assert.match((await storeAt(url!).head({ bucket: 'backups', key }))!.etag, /-\d+"$/);
    await until(async () => (await server.filesLeft()) === 1);
    await requireRecords(server.client, 60, 900_000);
  });
}

/** Another directory is another archive's owner. */
async function emptyBucket(url: string): Promise<void> {
  const store = storeAt(url);
  for (;;) {
    const { objects } = await store.list('backups', { prefix: '' });
    if (objects.length === 0) return;
    for (const { key } of objects) await store.delete({ bucket: 'backups', key });
  }
}

/** By the command, which makes another directory, and by a server on it. */
async function requireRestored(server: ArchivingServer, url: string): Promise<void> {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'restored');
  const flags = ['--archive', 's3://backups/millrace', '--data', data, '--s3', url];
  const { code, stderr } = await MillraceProcess.run(['restore', ...flags], { env: variables });
  assert.equal(code, 0, stderr);
  await copyFile(join(server.data, 'root-key'), join(data, 'root-key'));
  const quiet = ['--port', '0', '--limits', 'none', '--log-level', 'error'];
  await using restored = new MillraceProcess(['serve', '--data', data, ...quiet]);
  const client = clientOf(await restored.ready());
  await requireRecords(client, 200, 50_000);
  client.destroy();
}

test('while the store is away readers get what SDKs try again, and the tip goes on', {
  skip: onlyInFull,
}, async () => {
  await using server = new ArchivingServer(ours.url, mebibyte);
  await emptyBucket(ours.url);
  await server.start();
  await createStream(server);
  await put(server.client, 0, 60, 50_000);
  await until(async () => (await server.filesLeft()) === 1);
  // Nothing of it is in memory.
  await server.close();
  await server.start();
  ours.s3.fate = () => 'cut';
  await assert.rejects(read(server.client), ({ name, $fault }: Error & { $fault?: string }) => {
    return name === 'InternalFailure' && $fault === 'server';
  });
  const begin = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' } as const;
  const { ShardIterator } = await server.client.send(new GetShardIteratorCommand(begin));
  await put(server.client, 60, 64, 50_000);
  const { Records } = await server.client.send(new GetRecordsCommand({ ShardIterator }));
  assert.equal(Records!.length, 4);
  const config = server.client.config;
  const { hostname, port } = await config.endpoint!();
  const patient = clientOf(`http://${hostname}:${port}`, 20);
  const patiently = requireRecords(patient, 64, 50_000);
  await nodeClock.sleep(500);
  ours.s3.fate = () => undefined;
  await patiently;
  patient.destroy();
});
