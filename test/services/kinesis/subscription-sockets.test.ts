import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEvent, eventStreamType } from '../../../src/wire/event-stream.ts';
import { listen } from '../../http/raw-client.ts';
import { startTestServer, type TestServer } from '../../server/server-under-test.ts';
import { firstMessages } from '../../wire/event-message.ts';
import { authorization, jsonType } from './harness.ts';
import type { RecordsEvent } from './subscriber.ts';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

function headersOf(operation: string): Record<string, string> {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    'content-type': jsonType,
    'x-amz-date': now,
    'x-amz-target': `Kinesis_20131202.${operation}`,
    authorization: authorization.replace('20231114', now.slice(0, 8)),
  };
}

async function call<Output>(server: TestServer, operation: string, input: object): Promise<Output> {
  const headers = headersOf(operation);
  const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(input) });
  const text = await response.text();
  assert.equal(response.status, 200, `${operation}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Output;
}

/** A server with a stream of one shard and so many consumers; answers their ARNs. */
async function start(
  t: TestContext,
  consumers: number,
  workers = 0,
): Promise<{ server: TestServer; arns: string[] }> {
  const server = await startTestServer({ workers });
  t.after(() => server.close());
  await call(server, 'CreateStream', { StreamName: 's', ShardCount: 1 });
  const arns: string[] = [];
  for (let nth = 0; nth < consumers; nth++) {
    const register = { StreamARN: streamArn, ConsumerName: `c${nth}` };
    const { Consumer } = await until(async () => {
      const answer = await fetch(server.url, {
        method: 'POST',
        headers: headersOf('RegisterStreamConsumer'),
        body: JSON.stringify(register),
      });
      return answer.status === 200
        ? ((await answer.json()) as { Consumer: { ConsumerARN: string } })
        : undefined;
    });
    arns.push(Consumer.ConsumerARN);
  }
  await until(async () => {
    type Listed = { Consumers: { ConsumerStatus: string }[] };
    const { Consumers } = await call<Listed>(server, 'ListStreamConsumers', { StreamARN: streamArn });
    return Consumers.every(({ ConsumerStatus }) => ConsumerStatus === 'ACTIVE') ? Consumers : undefined;
  });
  return { server, arns };
}

/** Asks again until there is an answer, for minutes: the machine may be busy. */
async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (let left = 12_000; left > 0; left--) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(10);
  }
  throw new Error('it never became true');
}

type Client = {
  readonly status: number;
  readonly texts: string[];
  readonly begun: boolean;
  /** How many children the last event named. */
  readonly children: number;
  /** Whether what came to its end was all of it, and was not cut off. */
  readonly whole: boolean;
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  abort(): void;
};

/** One way to subscribe to the shard over a socket. */
type Door = (url: string, consumerArn: string) => Promise<Client>;

function subscription(consumerArn: string): string {
  return JSON.stringify({
    ConsumerARN: consumerArn,
    ShardId: '0',
    StartingPosition: { Type: 'TRIM_HORIZON' },
  });
}

const overHttp1: Door = async (url, arn) => {
  const headers = headersOf('SubscribeToShard');
  const request = httpRequest(url, { method: 'POST', headers, agent: false });
  request.end(subscription(arn));
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  assert.equal(response.headers['transfer-encoding'], 'chunked');
  request.on('error', () => {});
  return clientOf(response, response.statusCode!, () => request.destroy());
};

const overHttp2: Door = async (url, arn) => {
  const session: ClientHttp2Session = connect(url);
  session.on('error', () => {});
  const headers = headersOf('SubscribeToShard');
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
  stream.end(subscription(arn));
  const status = await new Promise<number>((resolve) =>
    stream.once('response', (answer) => resolve(Number(answer[':status']))),
  );
  stream.once('close', () => session.close());
  return clientOf(stream, status, () => session.destroy());
};

function clientOf(body: IncomingMessage | ClientHttp2Stream, status: number, abort: () => void): Client {
  let rest: Buffer = Buffer.alloc(0);
  const client = {
    status,
    texts: [] as string[],
    begun: false,
    children: 0,
    whole: false,
    ended: new Promise<void>((resolve) => body.once('close', () => resolve())),
    pause: () => void body.pause(),
    resume: () => void body.resume(),
    abort,
  };
  body.on('error', () => {});
  body.once('end', () => {
    client.whole = true;
  });
  body.on('data', (bytes: Buffer) => {
    const { messages, rest: more } = firstMessages(Buffer.concat([rest, bytes]));
    rest = more;
    for (const { headers, payload } of messages) {
      if (headers[':event-type'] === 'initial-response') client.begun = true;
      const { Records = [], ChildShards = [] } = JSON.parse(String(payload)) as Partial<RecordsEvent>;
      client.children = ChildShards.length;
      client.texts.push(...Records.map(({ PartitionKey }) => PartitionKey!));
    }
  });
  return client;
}

/** Events of a megabyte, as many as are taken. */
function endlessSource() {
  let taken = 0;
  let returned = false;
  const event = { Records: [{ PartitionKey: 'k', Data: 'x'.repeat(1024 * 1024) }] };
  const message = encodeEvent('SubscribeToShardEvent', Buffer.from(JSON.stringify(event)));
  async function* pieces() {
    try {
      while (true) {
        taken++;
        yield message;
      }
    } finally {
      returned = true;
    }
  }
  return { pieces: pieces(), taken: () => taken, returned: () => returned };
}

/** Puts records whose keys are their numbers. */
async function put(server: TestServer, from: number, count: number, bytes = 1): Promise<void> {
  const Data = Buffer.alloc(bytes).toString('base64');
  for (let nth = from; nth < from + count; nth++) {
    await call(server, 'PutRecord', { StreamName: 's', Data, PartitionKey: String(nth) });
  }
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => String(nth));
}

for (const [name, subscribe] of [
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
] as const) {
  test(`over ${name} records come as they are put`, async (t) => {
    const { server, arns } = await start(t, 1);
    const client = await subscribe(server.url, arns[0]!);
    assert.equal(client.status, 200);
    await until(async () => client.begun || undefined);
    await put(server, 0, 20);
    await until(async () => client.texts.length === 20 || undefined);
    assert.deepEqual(client.texts, numbers(20));
    client.abort();
  });

  test(`over ${name} a client that stops reading is sent no more, and the source hears when it goes`, async (t) => {
    const source = endlessSource();
    const headers = { 'Content-Type': eventStreamType };
    await using listening = await listen(async () => ({ status: 200, headers, body: source.pieces }));
    const { host, port } = listening.endpoint;
    const client = await subscribe(`http://${host}:${port}`, streamArn);
    t.after(() => client.abort());
    await until(async () => client.texts.length > 2 || undefined);
    client.pause();
    const taken = await until(async () => {
      const before = source.taken();
      await sleep(100);
      return source.taken() === before ? before : undefined;
    });
    // What the kernel buffers for both ends, the window of HTTP/2, and one piece.
    assert.ok(taken - client.texts.length <= 20, `${taken - client.texts.length} MiB are on their way`);
    client.abort();
    await until(async () => source.returned() || undefined);
  });

  test(`over ${name} a client that stops reading for a while misses nothing`, async (t) => {
    const { server, arns } = await start(t, 1);
    const client = await subscribe(server.url, arns[0]!);
    await until(async () => client.begun || undefined);
    client.pause();
    const megabytes = 20;
    await put(server, 0, megabytes, 900_000);
    await sleep(300);
    assert.ok(client.texts.length < megabytes);
    client.resume();
    await until(async () => client.texts.length === megabytes || undefined);
    assert.deepEqual(client.texts, numbers(megabytes));
    client.abort();
  });

  test(`over ${name} many consumers hear everything`, async (t) => {
    const { server, arns } = await start(t, 20);
    const clients = await Promise.all(arns.map((arn) => subscribe(server.url, arn)));
    await put(server, 0, 10);
    for (const client of clients) {
      await until(async () => client.texts.length === 10 || undefined);
      assert.deepEqual(client.texts, numbers(10));
      client.abort();
    }
  });

  for (const workers of [0, 2]) {
    test(`over ${name} a server that closes ends subscriptions in peace, and does not wait until it would cut them off: ${workers} workers`, async (t) => {
      const { server, arns } = await start(t, 2, workers);
      const clients = await Promise.all(arns.map((arn) => subscribe(server.url, arn)));
      await until(async () => clients.every(({ begun }) => begun) || undefined);
      await Promise.all([server.close(), ...clients.map(({ ended }) => ended)]);
      assert.ok(clients.every(({ whole }) => whole));
    });
  }
}

for (const workers of [0, 2]) {
  test(`with ${workers} workers an answer ends a second after the end of its shard, over HTTP/1.1 and HTTP/2`, async (t) => {
    const { server, arns } = await start(t, 2, workers);
    await put(server, 0, 3);
    await call(server, 'SplitShard', { StreamName: 's', ShardToSplit: '0', NewStartingHashKey: '10' });
    await until(async () => {
      const { Shards } = await call<{ Shards: object[] }>(server, 'ListShards', { StreamName: 's' });
      return Shards.length === 3 || undefined;
    });
    // What is between two moments of the server lies between these two of the client's, however busy the
    // machine is.
    const began = performance.now();
    const clients = await Promise.all([overHttp1(server.url, arns[0]!), overHttp2(server.url, arns[1]!)]);
    await Promise.all(
      clients.map(async ({ ended }) => {
        await ended;
        assert.ok(performance.now() - began >= 1000, 'a second has passed');
      }),
    );
    for (const { texts, children } of clients) {
      assert.deepEqual(texts, numbers(3));
      assert.equal(children, 2);
    }
  });
}
