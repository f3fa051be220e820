import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { canSharePorts, sharePort } from '../../../src/http/shared-port.ts';
import { authorization, jsonType } from '../../services/kinesis/harness.ts';
import { MillraceProcess, temporaryDirectory } from '../process.ts';
import { startTestServer, type TestServer } from '../server-under-test.ts';

const skip = (await canSharePorts()) ? false : 'this system does not spread the connections of a port';

async function createStream(client: KinesisClient): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await waitUntilStreamExists(
    { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 },
    { StreamName: 's' },
  );
}

async function put(client: KinesisClient, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: 'k' }));
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: 's', Records }));
  assert.equal(FailedRecordCount, 0);
}

async function readAll(client: KinesisClient): Promise<string[]> {
  const ShardId = 'shardId-000000000000';
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamName: 's', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records!.map(({ Data }) => Buffer.from(Data!).toString());
}

/** A client with a connection of its own, which the kernel may give to any worker. */
function clientOf(server: TestServer): KinesisClient & Disposable {
  const client = new KinesisClient(server.clientConfig);
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}

/** For the tests that leave no more behind than a stream called `s`. */
let shared: Promise<TestServer> | undefined;
after(async () => (await shared)?.close());

function sharedServer(): Promise<TestServer> {
  shared ??= startTestServer({ workers: 2 });
  return shared;
}

test('whichever worker a client is given, it sees what the clients before it did', { skip }, async () => {
  const server = await sharedServer();
  using first = clientOf(server);
  await createStream(first);
  const texts: string[] = [];
  for (let nth = 0; nth < 12; nth++) {
    using client = clientOf(server);
    texts.push(`record ${nth}`);
    await put(client, texts.at(-1)!);
    using reader = clientOf(server);
    assert.deepEqual(await readAll(reader), texts);
  }
});

test('large records cross threads whole', { skip }, async () => {
  await using server = await startTestServer({ workers: 2 });
  using client = clientOf(server);
  await createStream(client);
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(900_000));
  await put(client, ...texts);
  assert.deepEqual(await readAll(client), texts);
});

test('a consumer gets records that come in at any worker, and its stream ends when the server closes', {
  skip,
}, async () => {
  const server = await startTestServer({ workers: 2 });
  using client = clientOf(server);
  await createStream(client);
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }));
  const { EventStream } = await subscribe(client, Consumer!.ConsumerARN!);
  for (let nth = 0; nth < 6; nth++) {
    using producer = clientOf(server);
    await put(producer, String(nth));
  }
  const texts: string[] = [];
  for await (const { SubscribeToShardEvent: event } of EventStream!) {
    texts.push(...event!.Records!.map(({ Data }) => Buffer.from(Data!).toString()));
    if (texts.length === 6) await server.close();
  }
  assert.deepEqual(texts, ['0', '1', '2', '3', '4', '5']);
});

/** A consumer is CREATING for a moment. */
async function subscribe(client: KinesisClient, ConsumerARN: string) {
  for (;;) {
    try {
      const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
      const ShardId = 'shardId-000000000000';
      return await client.send(new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition }));
    } catch (error) {
      if ((error as Error).name !== 'ResourceInUseException') throw error;
    }
  }
}

test('every worker shows the one certificate, and answers /health and /ca.pem', { skip }, async () => {
  const server = await sharedServer();
  const authorities = new Set<string>();
  for (let nth = 0; nth < 8; nth++) {
    const headers = { connection: 'close' };
    const health = await (await fetch(`${server.url}/health`, { headers })).json();
    assert.equal((health as { status: string }).status, 'ok');
    authorities.add(await (await fetch(`${server.url}/ca.pem`, { headers })).text());
  }
  assert.equal(authorities.size, 1);
  const [ca] = authorities;
  const { connect: connectTls } = await import('node:tls');
  const shown = new Set<string>();
  for (let nth = 0; nth < 8; nth++) {
    const { host, port } = server.endpoint;
    const socket = connectTls({ host, port, ca, servername: 'localhost' });
    await once(socket, 'secureConnect');
    shown.add(socket.getPeerCertificate().fingerprint256);
    socket.destroy();
  }
  assert.equal(shown.size, 1);
});

test('an error is named in a header, whether a worker answers it or the owner', { skip }, async () => {
  const server = await sharedServer();
  const own = { StreamName: 'none', Data: '', PartitionKey: 'a' };
  for (const [operation, input] of Object.entries({
    PutRecord: own,
    DescribeStream: { StreamName: 'none' },
  })) {
    const headers = {
      Authorization: authorization,
      'X-Amz-Date': '20231114T221320Z',
      'X-Amz-Target': `Kinesis_20131202.${operation}`,
      'Content-Type': jsonType,
    };
    const answer = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(input) });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('x-amzn-errortype'), 'ResourceNotFoundException');
    assert.match(await answer.text(), /"__type":"ResourceNotFoundException"/);
  }
});

test('a port that is in use is refused, also if a server with several workers uses it', {
  skip,
}, async () => {
  const server = await sharedServer();
  const again = startTestServer({ workers: 2, port: server.endpoint.port });
  await assert.rejects(again, { code: 'EADDRINUSE', syscall: 'listen' });
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await assert.rejects(startTestServer({ workers: 2, port }), { code: 'EADDRINUSE' });
  other.close();
});

test('while a server makes its threads listen on a port, another waits and then is refused', {
  skip: skip || (process.platform === 'linux' ? false : 'only Linux has claims on ports'),
}, async () => {
  const port = await freePort();
  const other = createServer();
  let second: Promise<TestServer> | undefined;
  const close = (server: TestServer) => server.close();
  try {
    await sharePort({ host: '127.0.0.1', port }, nodeClock, async (bound) => {
      second = startTestServer({ workers: 2, port });
      const started = await Promise.race([second, setTimeout(1_500)]);
      assert.equal(started?.endpoint, undefined, 'two servers share a port');
      other.listen({ ...bound, reusePort: true });
      await once(other, 'listening');
    });
    await assert.rejects(second!, { code: 'EADDRINUSE', syscall: 'listen' });
  } finally {
    other.close();
    await second?.then(close, () => {});
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('closing waits for requests under way at every worker, and lets the port go', { skip }, async () => {
  const server = await startTestServer({ workers: 2 });
  const { host, port } = server.endpoint;
  const clients = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const client = connect(port, host);
      client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
      assert.match(String((await once(client, 'data'))[0]), /^HTTP\/1\.1 100 /);
      return client;
    }),
  );
  const closing = server.close();
  for (const client of clients) {
    client.write('body');
    assert.match(String((await once(client, 'data'))[0]), /^HTTP\/1\.1 403 /);
  }
  await closing;
  await using next = await startTestServer({ port });
  assert.equal(next.endpoint.port, port);
});

test('a server that cannot start lets go of its workers', { skip }, async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'file');
  writeFileSync(file, '');
  await assert.rejects(startTestServer({ workers: 2, memory: false, data: file }), { code: 'EEXIST' });
});

test('records that were acknowledged at any worker are there after kill -9', { skip }, async () => {
  using directory = temporaryDirectory();
  const flags = ['--port', '0', '--workers', '2', '--transition-delay', '0', '--log-level', 'warn'];
  const args = ['--data', directory.path, ...flags];
  const texts = Array.from({ length: 10 }, (_, nth) => `record ${nth}`);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  {
    await using server = new MillraceProcess(args);
    const endpoint = await server.ready();
    const client = () => new KinesisClient({ endpoint, region: 'us-east-1', credentials });
    await createStream(client());
    for (const text of texts) await put(client(), text);
    server.kill('SIGKILL');
    await server.ended;
  }
  await using server = new MillraceProcess(args);
  const client = new KinesisClient({ endpoint: await server.ready(), region: 'us-east-1', credentials });
  assert.deepEqual(await readAll(client), texts);
  server.kill('SIGTERM');
  const { code, stderr } = await server.ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('a worker that ends by itself ends the process, with a line that says why', { skip }, async () => {
  using directory = temporaryDirectory();
  const failing = join(directory.path, 'failing.mjs');
  writeFileSync(
    failing,
    `import { isMainThread } from 'node:worker_threads';
     import { Server } from 'node:net';
     const { listen } = Server.prototype;
     Server.prototype.listen = function (...args) {
       if (!isMainThread) this.once('listening', () => { throw new Error('out of luck'); });
       return listen.apply(this, args);
     };`,
  );
  await using server = new MillraceProcess(['--memory', '--port', '0', '--workers', '2'], {
    env: { NODE_OPTIONS: `--import=file://${failing}` },
  });
  const { code, stderr } = await server.ended;
  assert.equal(code, 74);
  const line = JSON.parse(stderr.trim().split('\n').at(-1)!);
  assert.equal(line.message, 'a worker ended');
  assert.match(line.cause, /out of luck/);
});

test('what a worker logs is logged where the server logs', { skip }, async () => {
  await using server = new MillraceProcess([
    '--memory',
    '--port',
    '0',
    '--workers',
    '2',
    '--log-level',
    'debug',
  ]);
  const { hostname, port } = new URL(await server.ready());
  const client = connect(Number(port), hostname);
  // A ClientHello that is none.
  client.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]));
  client.on('error', () => {}).resume();
  await once(client, 'close');
  server.kill('SIGTERM');
  const { stderr } = await server.ended;
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(lines.some(({ message }) => message === 'a TLS connection failed'));
});
