import assert from 'node:assert/strict';
import { type ExecFileException, execFile, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';
import { temporaryDirectory } from '../server/process.ts';
import { createStream, splitFirst } from './known-records.ts';
import { type Application, consume } from './lease-consumer.ts';
import { MotoServer } from './moto-server.ts';

const moto = await MotoServer.start();
after(() => {
  if (moto instanceof MotoServer) moto[Symbol.dispose]();
});
const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const withPython = { skip: !hasBoto && 'boto3 is not installed' };
const withAws = { skip: moto instanceof MotoServer ? withPython.skip : moto };

const stream = 'orders';
const name = 'billing';
const region = 'us-east-1';

/** A place where an application can live: AWS, or what stands for it. */
class Place implements Disposable {
  readonly #url: string;
  readonly #clients: { readonly kinesis: KinesisClient; readonly dynamodb: DynamoDBClient };

  constructor(url: string) {
    this.#url = url;
    const credentials = { accessKeyId: 'anybody', secretAccessKey: 'anything' };
    const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: false } });
    const config = { endpoint: url, region, credentials, requestHandler };
    this.#clients = { kinesis: new KinesisClient(config), dynamodb: new DynamoDBClient(config) };
  }

  async createStream(shards: number): Promise<void> {
    await createStream(this.#clients.kinesis, stream, shards);
  }

  async split(): Promise<void> {
    await splitFirst(this.#clients.kinesis, stream);
  }

  /** Puts records that say which they are, from first..last. */
  async put(first: number, last: number): Promise<void> {
    const Records = numbered(first, last).map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
    await this.#clients.kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
  }

  application(initial: Application['initial']): Application {
    return { ...this.#clients, stream, name, initial };
  }

  /** Runs a script of the example as an operator does: its exit code, and what it said. */
  run(
    script: 'prepare_leases.py' | 'is_drained.py',
  ): Promise<{ readonly code: unknown; readonly said: string }> {
    const others = Object.entries(process.env).filter(([key]) => !key.startsWith('AWS_'));
    const environment = {
      ...{
        AWS_ENDPOINT_URL: this.#url,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        NO_PROXY: '127.0.0.1',
      },
      ...{ AWS_ACCESS_KEY_ID: 'anybody', AWS_SECRET_ACCESS_KEY: 'anything', AWS_CONFIG_FILE: '/dev/null' },
    };
    const path = join(import.meta.dirname, '../../examples/move-leases', script);
    const options = { env: { ...Object.fromEntries(others), ...environment } };
    return new Promise((resolve) => {
      execFile('python3', [path, stream, name], options, (error: ExecFileException | null, out, err) =>
        resolve({ code: error === null ? 0 : error.code, said: out + err }),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#clients.kinesis.destroy();
    this.#clients.dynamodb.destroy();
  }
}

function numbered(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `record ${first + index}`);
}

/** Demands that all of first..last were processed, each once. */
function assertAll(processed: readonly string[], first: number, last: number): void {
  assert.deepEqual([...processed].sort(), numbered(first, last).sort());
}

test(
  'an application moves from AWS by drain and switch, and back to the leases it left there: nothing is lost, nothing comes twice',
  withAws,
  async () => {
    assert.ok(moto instanceof MotoServer);
    await using server = await startTestServer();
    using aws = new Place(moto.url);
    using here = new Place(server.url);
    await Promise.all([aws.createStream(2), here.createStream(3)]);
    await aws.put(1, 100);
    const processed = await consume(aws.application('TRIM_HORIZON'), 40);
    // The producers are redirected; what they put waits.
    await here.put(101, 150);
    assert.equal((await aws.run('is_drained.py')).code, 1);
    processed.push(...(await consume(aws.application('TRIM_HORIZON'))));
    assert.deepEqual(await aws.run('is_drained.py'), {
      code: 0,
      said: 'billing has processed all of orders\n',
    });
    assertAll(processed, 1, 100);
    processed.push(...(await consume(here.application('TRIM_HORIZON'), 10)));
    await here.split();
    await here.put(151, 200);
    await aws.put(201, 250);
    const { code, said } = await here.run('is_drained.py');
    assert.match(said, /^shardId-000000000000: the end of the shard is not processed$/m);
    assert.equal(code, 1);
    processed.push(...(await consume(here.application('TRIM_HORIZON'))));
    assert.equal((await here.run('is_drained.py')).code, 0);
    assertAll(processed, 1, 200);
    processed.push(...(await consume(aws.application('TRIM_HORIZON'))));
    assertAll(processed, 1, 250);
  },
);

test(
  'an application that begins at LATEST misses what was put before it, but for leases that were made beforehand',
  withPython,
  async () => {
    await using server = await startTestServer();
    await using other = await startTestServer();
    using here = new Place(server.url);
    using unprepared = new Place(other.url);
    for (const place of [here, unprepared]) {
      await place.createStream(2);
      await place.put(1, 50);
      await place.split();
      await place.put(51, 100);
    }
    assert.deepEqual(await consume(unprepared.application('LATEST')), []);
    const prepared = await here.run('prepare_leases.py');
    assert.deepEqual(prepared, { code: 0, said: 'billing has 2 leases, each at TRIM_HORIZON\n' });
    assertAll(await consume(here.application('LATEST')), 1, 100);
    assert.equal((await here.run('is_drained.py')).code, 0);
    const again = await here.run('prepare_leases.py');
    assert.equal(again.code, 1);
    assert.match(again.said, /^There is a table billing already/);
  },
);

test('between two servers the data directory moves with streams, leases and checkpoints', async () => {
  using directory = temporaryDirectory();
  const [old, copy] = [join(directory.path, 'old'), join(directory.path, 'new')];
  const processed: string[] = [];
  await at(old, async (place) => {
    await place.createStream(2);
    await place.put(1, 100);
    processed.push(...(await consume(place.application('TRIM_HORIZON'), 40)));
    await place.split();
    await place.put(101, 150);
  });
  cpSync(old, copy, { recursive: true });
  await at(copy, async (place) => {
    await place.put(151, 200);
    processed.push(...(await consume(place.application('TRIM_HORIZON'))));
  });
  assertAll(processed, 1, 200);
});

async function at(data: string, run: (place: Place) => Promise<void>): Promise<void> {
  await using server: TestServer = await startTestServer({ data });
  using place = new Place(server.url);
  await run(place);
}
