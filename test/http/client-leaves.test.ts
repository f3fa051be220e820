import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  KinesisClient,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Handler, HttpResponse } from '../../src/env/network.ts';
import { canSharePorts } from '../../src/http/shared-port.ts';
import { startTestServer } from '../../src/server/testing.ts';
import { emptySettings, preface, request, reset } from './frames.ts';
import { ask, connected, lines, listenTo } from './lines.ts';
import { echo } from './raw-client.ts';

const threads = (await canSharePorts()) ? [0, 2] : [0];

/** A source of pieces that tells what it heard. `next` answers what the test says. */
function source(next: () => Promise<Buffer | undefined>) {
  const told = { returns: 0, begun: Promise.withResolvers<void>() };
  const body: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      told.begun.resolve();
      const value = await next();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    async return() {
      told.returns += 1;
      return { done: true, value: undefined };
    },
  };
  return { body, told };
}

const answerWith = (body: HttpResponse['body']): HttpResponse => ({ status: 200, headers: {}, body });
const never = () => new Promise<never>(() => {});

/** Long enough for everything that is under way to have its consequences. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

/** Waits until the source was returned, or never will be; and then for a second return, if one is to come. */
async function heardOf(told: { readonly returns: number }): Promise<void> {
  for (let turn = 0; turn < 20_000 && told.returns === 0; turn++) await new Promise(setImmediate);
  await someTurns();
}

for (const line of lines) {
  test(`a source is returned once when its client leaves while it waits for a piece: ${line.name}`, async () => {
    const { body, told } = source(never);
    const logged: string[] = [];
    await using server = await listenTo(async () => answerWith(body), logged);
    const { socket } = await ask(server, line);
    await told.begun.promise;
    socket.destroy();
    await heardOf(told);
    assert.deepEqual({ returns: told.returns, logged }, { returns: 1, logged: [] });
  });

  test(`a source is returned once when its client leaves before the answer is there: ${line.name}`, async () => {
    const { body, told } = source(never);
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
    const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
    const logged: string[] = [];
    await using server = await listenTo(async () => {
      hear();
      await allowed;
      return answerWith(body);
    }, logged);
    const { socket } = await ask(server, line);
    await heard;
    socket.destroy();
    await once(socket, 'close');
    await someTurns();
    allow();
    await heardOf(told);
    assert.deepEqual({ returns: told.returns, logged }, { returns: 1, logged: [] });
  });

  test(`a source is returned once when its client leaves without having read: ${line.name}`, async () => {
    let given = 0;
    const { body, told } = source(async () => {
      given += 1;
      return Buffer.alloc(1_000_000);
    });
    const logged: string[] = [];
    await using server = await listenTo(async () => answerWith(body), logged);
    const { socket, answer } = await ask(server, line);
    answer.pause();
    for (let before = -1; before !== given || given === 0; ) {
      before = given;
      await someTurns();
    }
    socket.destroy();
    await heardOf(told);
    assert.deepEqual({ returns: told.returns, logged }, { returns: 1, logged: [] });
  });

  test(`a source that has said everything is not returned: ${line.name}`, async () => {
    const pieces = [Buffer.from('first'), Buffer.from('last')];
    const { body, told } = source(async () => pieces.shift());
    await using server = await listenTo(async () => answerWith(body));
    const { socket, answer } = await ask(server, line);
    let heard = '';
    answer.on('data', (bytes) => {
      heard += bytes;
    });
    while (!heard.includes('last')) await once(answer, 'data');
    socket.destroy();
    await once(socket, 'close');
    await someTurns();
    assert.equal(told.returns, 0);
  });
}

/** What ended the process: begun, promised a body, asked whether to go on, and reset, in one packet. */
function begunAndReset(code: number): Buffer {
  const asking = { expect: '100-continue', 'content-length': '10' };
  return Buffer.concat([preface, emptySettings, request(1, asking, { endStream: false }), reset(1, code)]);
}

test('a stream that is reset in the packet that begins it is forgotten, without a word', async () => {
  const logged: string[] = [];
  await using server = await listenTo(echo, logged);
  for (const code of [0, 1, 2, 5, 8]) {
    const socket = await connected(server, false, 'HTTP/2');
    socket.end(begunAndReset(code));
    socket.resume();
    await once(socket, 'close');
  }
  assert.deepEqual(logged, []);
});

for (const workers of threads) {
  for (const tls of [false, true]) {
    test(`streams that are reset in the packet that begins them do no harm: ${workers} workers, TLS: ${tls}`, async () => {
      await using server = await startTestServer({ workers });
      for (const code of [0, 1, 2, 5, 8, 0, 1, 2, 5, 8]) {
        const socket = await connected(server, tls, 'HTTP/2');
        socket.end(begunAndReset(code));
        socket.resume();
        await once(socket, 'close');
      }
      for (let nth = 0; nth < 4; nth++) {
        const { status } = await fetch(`${server.url}/health`, { headers: { connection: 'close' } });
        assert.equal(status, 200);
      }
    });
  }

  test(`consumers that cancel their subscription at once do no harm: ${workers} workers`, async () => {
    await using server = await startTestServer({ workers });
    const client = new KinesisClient(server.clientConfig);
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const names = Array.from({ length: 12 }, (_, nth) => `c${nth}`);
    for (const ConsumerName of names) {
      const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
      const subscribe = new SubscribeToShardCommand({
        ConsumerARN: Consumer!.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'TRIM_HORIZON' },
      });
      const cancelled = new AbortController();
      setTimeout(() => cancelled.abort(), Number(ConsumerName.slice(1)) % 4);
      const asked = new KinesisClient({ ...server.clientConfig, maxAttempts: 1 });
      // It may be cancelled before or after its answer has begun.
      await Promise.allSettled([asked.send(subscribe, { abortSignal: cancelled.signal })]);
      asked.destroy();
    }
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
    client.destroy();
  });
}

test('a stream that waits for its turn and is reset meanwhile is not served', async () => {
  const targets: string[] = [];
  const handle: Handler = (asked) => {
    targets.push(asked.target);
    return echo(asked);
  };
  await using server = await listenTo(handle);
  const socket = await connected(server, false, 'HTTP/2');
  const streams = Array.from({ length: 100 }, (_, index) => index * 2 + 1);
  const all = streams.map((stream) =>
    Buffer.concat([request(stream, { ':path': `/${stream}` }), reset(stream, 8)]),
  );
  socket.write(Buffer.concat([preface, emptySettings, ...all]));
  socket.resume();
  const { socket: other, answer } = await ask(server, lines[4]!, '/other');
  await once(answer, 'response');
  assert.ok(targets.includes('/other'));
  assert.ok(targets.length <= 33, `${targets.length} were served`);
  for (const each of [socket, other]) each.destroy();
});
