import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { type ClientConfig, startTestServer } from '../../../src/server/testing.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';

const stream = 'orders';
const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
const Role = 'arn:aws:iam::000000000000:role/service-role/functions';

/** Clients of one server, and what is done with them in each test. */
class Clients implements Disposable {
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;

  constructor(config: ClientConfig) {
    this.kinesis = new KinesisClient(config);
    this.lambda = new LambdaClient(config);
  }

  async createStream(): Promise<void> {
    await this.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  }

  async put(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const Data = Buffer.from(text);
      await this.kinesis.send(new PutRecordCommand({ StreamName: stream, PartitionKey: 'key', Data }));
    }
  }

  /** A function whose code is in a folder. */
  async createFunction(FunctionName: string, folder: string): Promise<void> {
    const Variables = { MILLRACE_CODE_FOLDER: folder };
    await this.lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Role, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: {} },
        Environment: { Variables },
      }),
    );
  }

  /** Has it called with all that is in the stream. */
  async map(FunctionName: string): Promise<void> {
    const { UUID } = await this.lambda.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName, EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON', BatchSize: 10 },
      }),
    );
    for (let state: string | undefined; state !== 'Enabled'; await nodeClock.sleep(5)) {
      ({ State: state } = await this.lambda.send(new GetEventSourceMappingCommand({ UUID: UUID! })));
    }
  }

  [Symbol.dispose](): void {
    this.kinesis.destroy();
    this.lambda.destroy();
  }
}

/** A folder with a function that notes the data of each record it is given, a line each. */
function notingFunction(directory: string): {
  readonly folder: string;
  readonly noted: () => readonly string[];
} {
  const folder = join(directory, 'function');
  const file = join(directory, 'noted');
  mkdirSync(folder);
  appendFileSync(file, '');
  writeFileSync(
    join(folder, 'index.mjs'),
    `import { appendFileSync } from 'node:fs';
    export const handler = (event) => {
      const texts = event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64') + '\\n');
      appendFileSync(${JSON.stringify(file)}, texts.join(''));
      return { pid: process.pid, url: process.env.AWS_ENDPOINT_URL };
    };`,
  );
  return { folder, noted: () => String(readFileSync(file)).split('\n').slice(0, -1) };
}

/** Waits for as long as the runner lets a test take. */
async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await nodeClock.sleep(10);
}

for (const options of [{ memory: true }, { memory: true, workers: 1 }]) {
  const { workers = 0 } = options;
  test(`a function in a folder is called with what is put, with ${workers} workers`, async () => {
    using directory = temporaryDirectory();
    const { folder, noted } = notingFunction(directory.path);
    await using server = await startTestServer(options);
    using clients = new Clients(server.clientConfig);
    await clients.createStream();
    await clients.createFunction('noting', folder);
    await clients.map('noting');
    await clients.put('one', 'two');
    await until(() => noted().length >= 2);
    assert.deepEqual(noted(), ['one', 'two']);
    const Payload = JSON.stringify({ Records: [] });
    const answer = await clients.lambda.send(new InvokeCommand({ FunctionName: 'noting', Payload }));
    const { url } = JSON.parse(answer.Payload!.transformToString());
    assert.equal(url, server.url);
  });
}

test('after a restart, a mapping goes on where it was', async () => {
  using directory = temporaryDirectory();
  const heard: string[] = [];
  const handler = (event: {
    readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
  }) => {
    for (const { kinesis } of event.Records) heard.push(String(Buffer.from(kinesis.data, 'base64')));
  };
  for (const texts of [['one', 'two'], ['three']]) {
    await using server = await startTestServer({ data: directory.path });
    using clients = new Clients(server.clientConfig);
    if (heard.length === 0) await clients.createStream();
    await server.lambda('hearing', handler, { stream });
    const before = heard.length;
    await clients.put(...texts);
    await until(() => heard.length >= before + texts.length);
  }
  assert.deepEqual(heard, ['one', 'two', 'three']);
});

test('after kill -9 nothing is left out, nothing that was checkpointed comes again, and no function is left', async () => {
  using directory = temporaryDirectory();
  const { folder, noted } = notingFunction(directory.path);
  const args = ['--data', join(directory.path, 'data'), '--port', '0', '--transition-delay', '0'];
  const pids: number[] = [];
  const put = [
    ['one', 'two', 'three'],
    ['four', 'five'],
  ];
  for (const texts of put) {
    await using server = new MillraceProcess([...args, '--workers', '0', '--audit', 'off']);
    const endpoint = await server.ready();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    using clients = new Clients({ endpoint, region: 'us-east-1', credentials });
    if (noted().length === 0) {
      await clients.createStream();
      await clients.createFunction('noting', folder);
      await clients.map('noting');
    }
    const before = noted().length;
    await clients.put(...texts);
    await until(() => noted().length >= before + texts.length);
    const Payload = JSON.stringify({ Records: [] });
    const answer = await clients.lambda.send(new InvokeCommand({ FunctionName: 'noting', Payload }));
    pids.push(JSON.parse(answer.Payload!.transformToString()).pid);
    await until(() => isCaughtUp(clients.lambda));
    server.kill('SIGKILL');
    await server.ended;
  }
  assert.deepEqual(noted(), put.flat());
  await until(() => pids.every((pid) => !isRunning(pid)));
});

/** Whether all that was put is checkpointed, as the server tells. */
async function isCaughtUp(lambda: LambdaClient): Promise<boolean> {
  const { endpoint } = lambda.config;
  const { protocol, hostname, port } = (await endpoint!()) as {
    protocol: string;
    hostname: string;
    port: number;
  };
  const answer = await fetch(`${protocol}//${hostname}:${port}/millrace/2026-11-01/mappings`, {
    headers: {
      'x-amz-date': '20261129T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20261129/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000',
    },
  });
  const { Mappings: mappings = [] } = (await answer.json()) as Sights;
  const shards = mappings.flatMap(({ Shards }) => Shards);
  return shards.length > 0 && shards.every(({ BehindRecords }) => BehindRecords === 0);
}

type Sights = {
  readonly Mappings?: readonly { readonly Shards: readonly { readonly BehindRecords: number }[] }[];
};

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
