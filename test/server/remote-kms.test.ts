import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { canaries, searchedLogger } from '../../harness/canaries.ts';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import { signedHeaders } from '../../src/access/sigv4/sign.ts';
import { checkData } from '../../src/cli/offline/data-check.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { nodeNetwork } from '../../src/http/listener.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { startServer } from '../../src/server/server.ts';

import { MotoServer } from '../clients/moto-server.ts';

import { FakeDisk } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import { Harness } from '../services/kinesis/harness.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noCluster } from '../services/kinesis/no-network.ts';
import { temporaryDirectory } from './process.ts';

const outside = temporaryDirectory();
after(() => outside[Symbol.dispose]());
const accessKeyId = 'MRKMS00000000000';
const credentials = { accessKeyId, secretAccessKey: canaries.secretAccessKey };
const right = profile('right', canaries.secretAccessKey);
const wrong = profile('wrong', 'another secret');

function profile(name: string, secret: string): string {
  const path = join(outside.path, name);
  const text = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secret}\n`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Real sockets, in a time that stands still. */
function envOf(clock: ManualClock, disk: FakeDisk, log: string[] = []) {
  disk.isHasty = true;
  const note = (message: string, fields: object = {}) => void log.push(`${message} ${inspect(fields)}`);
  return {
    clock,
    disk,
    random: nodeRandom(),
    network: nodeNetwork(nodeClock, silentLogger),
    client: createHttpClient(),
    ...noCluster,
    workers: nodeWorkers,
    pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
    logger: searchedLogger({ ...silentLogger, warn: note, error: note }),
    panic(reason: string, cause: unknown) {
      throw new Error(reason, { cause });
    },
  };
}

/** A KMS on a port of its own, where signatures are verified. */
async function startRemote(clock: ManualClock, disk = new FakeDisk(), port = 0) {
  const options = { data: '.', port, credentials: right, limits: 'none', audit: 'off' } as const;
  const server = await startServer(options, envOf(clock, disk));
  return { url: server.url, close: () => closing(server.close(), clock), disk };
}

/** A call of a KMS, which must succeed. */
async function kms<T>(url: string, clock: ManualClock, operation: string, input: object): Promise<T> {
  const body = JSON.stringify(input);
  const headers = {
    host: new URL(url).host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `TrentService.${operation}`,
  };
  const unsigned = { method: 'POST', target: '/', headers, body };
  const scope = { region: 'us-east-1', service: 'kms' };
  const signed = signedHeaders(unsigned, credentials, scope, clock.now());
  const answer = await createHttpClient().send({ method: 'POST', url, headers: signed, body });
  assert.equal(answer.status, 200, String(answer.body));
  return JSON.parse(String(answer.body) || '{}');
}

async function newKey(url: string, clock: ManualClock): Promise<string> {
  type Made = { readonly KeyMetadata: { readonly Arn: string } };
  return (await kms<Made>(url, clock, 'CreateKey', {})).KeyMetadata.Arn;
}

type Local = Partial<ServerOptions> & { readonly disk?: FakeDisk; readonly log?: string[] };

async function startLocal(clock: ManualClock, { disk = new FakeDisk(), log, ...options }: Local) {
  const usual = { data: '.', port: 0, kmsCredentials: right, limits: 'none', audit: 'off' } as const;
  const server = await startServer({ ...usual, ...options }, envOf(clock, disk, log));
  return { harness: Harness.of(server, clock), close: () => closing(server.close(), clock), disk };
}

/** Waits for what takes pauses of the clock, which is turned while nothing comes of it. */
async function closing<T>(pending: Promise<T>, clock: ManualClock): Promise<T> {
  let isOver = false;
  const over = pending.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) {
    await delay(1);
    await clock.advance(50);
  }
  return over;
}

async function encrypted(server: Harness, KeyId: string): Promise<void> {
  await created(server);
  await server.call('StartStreamEncryption', { StreamName: 's', EncryptionType: 'KMS', KeyId });
  await active(server);
}

async function created(server: Harness): Promise<void> {
  await server.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await active(server);
}

async function active(server: Harness): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    await server.clock.advance(100);
    const { body } = await server.answer('DescribeStreamSummary', { StreamName: 's' });
    if (JSON.stringify(body).includes('"StreamStatus":"ACTIVE"')) return;
  }
  assert.fail('the stream does not become ACTIVE');
}

function put(server: Harness, text: string) {
  const Data = Buffer.from(text).toString('base64');
  return server.answer('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
}

/** The texts of all records, or the error. */
async function read(server: Harness): Promise<string[] | string> {
  const from = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', from);
  const { status, body } = await server.answer('GetRecords', { ShardIterator });
  if (status !== 200) return (body as { __type: string }).__type;
  const { Records } = body as { Records: { Data: string }[] };
  return Records.map(({ Data }) => String(Buffer.from(Data, 'base64')));
}

function typeOf({ body }: { readonly body: unknown }): string | undefined {
  return (body as { __type?: string }).__type;
}

test('streams are encrypted with keys of a KMS elsewhere, across restarts of both, and verify says it has none', async () => {
  const clock = new ManualClock();
  let remote = await startRemote(clock);
  const port = Number(new URL(remote.url).port);
  const key = await newKey(remote.url, clock);
  let local = await startLocal(clock, { kms: remote.url });
  await encrypted(local.harness, key);
  assert.equal((await put(local.harness, 'one')).status, 200);
  assert.deepEqual(await read(local.harness), ['one']);
  await local.close();
  await remote.close();
  remote = await startRemote(clock, remote.disk.nextProcess(), port);
  local = await startLocal(clock, { disk: local.disk.nextProcess(), kms: remote.url });
  assert.deepEqual(await read(local.harness), ['one']);
  assert.equal((await put(local.harness, 'two')).status, 200);
  assert.deepEqual(await read(local.harness), ['one', 'two']);
  await local.close();
  await remote.close();
  const root = rootKeyOf([Buffer.alloc(32)], new TestRandom(1));
  const { streams } = await checkData(local.disk.nextProcess(), () => {}, {
    root,
    random: new TestRandom(1),
  });
  assert.equal(streams[0]?.opened?.decrypted, 0);
  assert.ok(streams[0]?.opened?.keysMissing.join().includes(key));
});

test('a key that is disabled at the remote KMS is of no use once what is kept of it is five minutes old', async () => {
  const clock = new ManualClock();
  const remote = await startRemote(clock);
  const KeyId = await newKey(remote.url, clock);
  const local = await startLocal(clock, { kms: remote.url });
  await encrypted(local.harness, KeyId);
  assert.equal((await put(local.harness, 'one')).status, 200);
  assert.deepEqual(await read(local.harness), ['one']);
  await kms(remote.url, clock, 'DisableKey', { KeyId });
  assert.equal((await put(local.harness, 'two')).status, 200);
  await clock.advance(5 * 60_000);
  assert.equal(typeOf(await put(local.harness, 'three')), 'KMSDisabledException');
  assert.equal(await read(local.harness), 'KMSDisabledException');
  await kms(remote.url, clock, 'EnableKey', { KeyId });
  assert.equal((await put(local.harness, 'four')).status, 200);
  assert.deepEqual(await read(local.harness), ['one', 'two', 'four']);
  await local.close();
  await remote.close();
});

test('while the remote KMS is away puts and reads fail once its keys are old, and go on when it is back', async () => {
  const clock = new ManualClock();
  const remote = await startRemote(clock);
  const key = await newKey(remote.url, clock);
  const local = await startLocal(clock, { kms: remote.url });
  await encrypted(local.harness, key);
  assert.equal((await put(local.harness, 'one')).status, 200);
  assert.deepEqual(await read(local.harness), ['one']);
  await remote.close();
  assert.equal((await put(local.harness, 'two')).status, 200);
  await clock.advance(5 * 60_000);
  assert.equal(typeOf(await closing(put(local.harness, 'three'), clock)), 'InternalFailure');
  assert.equal(await closing(read(local.harness), clock), 'InternalFailure');
  const again = await startRemote(clock, remote.disk.nextProcess(), Number(new URL(remote.url).port));
  assert.equal((await closing(put(local.harness, 'four'), clock)).status, 200);
  assert.deepEqual(await closing(read(local.harness), clock), ['one', 'two', 'four']);
  await local.close();
  await again.close();
});

test('credentials that the remote KMS does not know are told in one sentence of the log, without them', async () => {
  const clock = new ManualClock();
  const log: string[] = [];
  const remote = await startRemote(clock);
  const local = await startLocal(clock, { kms: remote.url, kmsCredentials: wrong, log });
  await created(local.harness);
  const input = { StreamName: 's', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  const answer = await closing(local.harness.answer('StartStreamEncryption', input), clock);
  assert.equal(typeOf(answer), 'InternalFailure');
  const [line = '', ...others] = log;
  assert.deepEqual(others, []);
  const said = `The key service at ${remote.url} does not accept the credentials of --kms: InvalidSignatureException`;
  assert.ok(line.includes(said), line);
  assert.ok(!line.includes('another secret') && !line.includes(accessKeyId), line);
  await local.close();
  await remote.close();
});

test('moto wraps the keys of streams as well', async (t) => {
  const started = await MotoServer.start();
  if (typeof started === 'string') return t.skip(started);
  using moto = started;
  const clock = new ManualClock();
  const key = await newKey(moto.url, clock);
  let local = await startLocal(clock, { kms: moto.url });
  await encrypted(local.harness, key);
  assert.equal((await put(local.harness, 'one')).status, 200);
  await local.close();
  local = await startLocal(clock, { disk: local.disk.nextProcess(), kms: moto.url });
  assert.deepEqual(await read(local.harness), ['one']);
  await local.close();
});
