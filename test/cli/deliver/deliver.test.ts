import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { runDeliver } from '../../../src/cli/deliver/command-deliver.ts';
import type { DeliverRequest } from '../../../src/cli/deliver/deliver-request.ts';
import type { Disk } from '../../../src/env/disk.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { nodeEnv } from '../../../src/server/node-env.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { ThreadsInProcess } from '../../delivery/threads-in-process.ts';

const stream = 'orders';

/** A server with a stream, and a folder for its buckets and for states. */
class World implements AsyncDisposable {
  readonly server: Server;
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-deliver-'));
  readonly client: KinesisClient;
  ending = new AbortController();
  readonly shown: string[] = [];
  diskAt: (path: string) => Disk = nodeDisk;

  static async start(): Promise<World> {
    const options = {
      memory: true,
      port: 0,
      logLevel: 'silent',
      transitionDelay: 0,
      limits: 'none',
    } as const;
    const world = new World(await startServer(options));
    mkdirSync(join(world.folder, 'lake'));
    return world;
  }

  private constructor(server: Server) {
    this.server = server;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    this.client = new KinesisClient({ endpoint: server.url, region: 'us-east-1', credentials });
  }

  /** Twice, with a split between: answers how many there are. */
  async write(): Promise<number> {
    await this.client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 2 }));
    await this.#active();
    for (let batch = 0; batch < 4; batch++) await this.put(batch);
    const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 126n) };
    await this.client.send(new SplitShardCommand({ StreamName: stream, ...split }));
    await this.#active();
    for (let batch = 4; batch < 8; batch++) await this.put(batch);
    return 8 * 250;
  }

  async put(batch: number): Promise<void> {
    const Records = Array.from({ length: 250 }, (_, index) => {
      const record = { number: batch * 250 + index, filled: 'x'.repeat(400) };
      return { PartitionKey: String(index), Data: Buffer.from(JSON.stringify(record)) };
    });
    await this.client.send(new PutRecordsCommand({ StreamName: stream, Records }));
  }

  #active() {
    return waitUntilStreamExists(
      { client: this.client, maxWaitTime: 300, minDelay: 0.05 },
      { StreamName: stream },
    );
  }

  deliver(changes: Partial<DeliverRequest> = {}): Promise<string> {
    const env = nodeEnv({ data: this.folder, logLevel: 'silent' });
    const { clock, random } = env;
    const request: DeliverRequest = {
      ...{ stream, endpoint: this.server.url, profile: undefined, follows: false, objectBytes: 20_000 },
      from: { kind: 'TRIM_HORIZON' },
      to: { bucket: 'lake', prefix: 'orders/' },
      form: { kind: 'json', compression: 'GZIP' },
      s3: String(pathToFileURL(this.folder)),
      state: join(this.folder, 'state'),
      ...changes,
    };
    const output = {
      isTerminal: true,
      show: (line: string) => void this.shown.push(line),
      signal: this.ending.signal,
    };
    const workers = new ThreadsInProcess(clock, random);
    const client = createHttpClient({ timeoutMs: 300_000, bodyBytesMax: 32 * 1024 * 1024, keepAlive: true });
    return runDeliver(request, surroundings, output, { ...env, workers, client, diskAt: this.diskAt }, 0);
  }

  /** The numbers in all objects, in order. */
  get numbers(): number[] {
    const texts = this.objects.map((path) => String(gunzipSync(readFileSync(join(this.folder, path)))));
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line).number as number).sort((one, other) => one - other);
  }

  get objects(): string[] {
    return globSync('lake/orders/2*/**/*.gz', { cwd: this.folder });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

const surroundings = {
  variables: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  readFile: () => Promise.reject(new Error('no such file')),
};

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test('a stream with a split is in objects, each record once, and a second run adds none', async () => {
  await using world = await World.start();
  const count = await world.write();
  assert.match(await world.deliver(), /^2,000 records, 0\.9 MB, in \d+ objects delivered\./);
  assert.deepEqual(world.numbers, upTo(count));
  assert.ok(world.objects.length > 1, 'several chunks');
  assert.match(
    world.shown.at(-1)!,
    /^\[#{24}\] 100 % 2,000 records, .*, 4 of 4 shards read, 00:00:00 behind$/,
  );
  await world.put(8);
  assert.match(await world.deliver(), /^0 records/);
  assert.deepEqual(world.numbers, upTo(count));
});

test('a run that ends once an object is put, and before that is noted, is gone on with', async () => {
  await using world = await World.start();
  const count = await world.write();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  const buckets = world.folder;
  world.diskAt = (path) => (path === buckets ? losing(nodeDisk(path), 2, lost.promise) : nodeDisk(path));
  const first = world.deliver();
  while (world.objects.length < 2) await sleep(20);
  // What is on the disk now is what a crash would have left.
  cpSync(join(world.folder, 'state'), join(world.folder, 'left'), { recursive: true });
  world.ending.abort();
  lost.reject(new Error('lost'));
  await assert.rejects(first, /^InterruptedDelivery: interrupted after .*; the same command goes on$/);
  const begun = world.objects.length;
  world.diskAt = nodeDisk;
  world.ending = new AbortController();
  await world.deliver({ state: join(world.folder, 'left') });
  assert.deepEqual(world.numbers, upTo(count));
  assert.ok(world.objects.length > begun);
});

/** From the so many-eth object on, whoever puts one never hears of it, and fails in the end. */
function losing(disk: Disk, nth: number, lost: Promise<never>): Disk {
  let puts = 0;
  return new Proxy(disk, {
    get(real, name) {
      if (name === 'rename')
        return async (from: string, to: string) => {
          await real.rename(from, to);
          puts += 1;
          if (puts >= nth) await lost;
        };
      const value = Reflect.get(real, name);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}

test('what cannot be delivered is told in one line', async () => {
  await using world = await World.start();
  await assert.rejects(world.deliver(), /^StartError: there is no stream orders at http/);
  await world.write();
  const to = { bucket: 'sea', prefix: '' };
  await assert.rejects(world.deliver({ to }), /^StartError: there is no bucket sea$/);
  await world.deliver();
  await assert.rejects(
    world.deliver({ form: { kind: 'text', compression: 'GZIP' } }),
    /^StartError: .*state is of another delivery: remove it, or name another with --state$/,
  );
});
