import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/services/kinesis/operations.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { sampleInput } from '../services/kinesis/sample-input.ts';
import { OwnerWithWorkers, peer, type TestWorker } from './owner-with-workers.ts';

async function subscribable(worker: TestWorker): Promise<object> {
  await worker.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await worker.active('s');
  const { StreamDescriptionSummary } = await worker.call<{ StreamDescriptionSummary: { StreamARN: string } }>(
    'DescribeStreamSummary',
    { StreamName: 's' },
  );
  const { StreamARN } = StreamDescriptionSummary;
  const { Consumer } = await worker.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'c',
  });
  const { ConsumerARN } = Consumer;
  for (;;) {
    const { ConsumerDescription } = await worker.call<{ ConsumerDescription: { ConsumerStatus: string } }>(
      'DescribeStreamConsumer',
      { ConsumerARN },
    );
    if (ConsumerDescription.ConsumerStatus === 'ACTIVE') break;
  }
  return { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition: { Type: 'TRIM_HORIZON' } };
}

function put(worker: TestWorker, text: string): Promise<unknown> {
  const Data = Buffer.from(text).toString('base64');
  return worker.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
}

/** Asks until so many items have come, however many turns they take. */
async function take<Item>(count: number, next: () => Promise<readonly Item[]>): Promise<Item[]> {
  const taken: Item[] = [];
  while (taken.length < count) taken.push(...(await next()));
  return taken;
}

test('a consumer at one worker gets what was put at another', async () => {
  await using server = await OwnerWithWorkers.of(2);
  const [one, other] = server.workers;
  const subscriber = await one!.subscribe(await subscribable(one!));
  await put(other!, 'hello');
  const [event] = await take(1, () => subscriber.events());
  assert.deepEqual(
    event!.Records.map(({ Data }) => Buffer.from(Data, 'base64').toString()),
    ['hello'],
  );
});

test('a subscription at one worker bars the same consumer at another for five seconds, and then gives way', async () => {
  await using server = await OwnerWithWorkers.of(2);
  const [one, other] = server.workers;
  const input = await subscribable(one!);
  const first = await one!.subscribe(input);
  const { status, body } = await other!.answer('SubscribeToShard', input);
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceInUseException');
  await server.clock.advance(5_000);
  await other!.subscribe(input);
  while (!first.ended) await first.messages();
});

test("pieces are made as the worker's client takes them, and no more once it is gone", async () => {
  await using server = await OwnerWithWorkers.of(1);
  const [worker] = server.workers;
  let made = 0;
  let returned = false;
  async function* pieces() {
    try {
      for (;;) yield Buffer.from(String(made++));
    } finally {
      returned = true;
    }
  }
  server.answerWith(async () => ({ status: 200, headers: {}, body: pieces() }));
  const body = await worker!.pieces('DescribeLimits');
  const iterator = body[Symbol.asyncIterator]();
  assert.equal(String((await iterator.next()).value), '0');
  for (let turn = 0; turn < 5; turn++) await settled();
  assert.equal(made, 1);
  assert.equal(String((await iterator.next()).value), '1');
  await iterator.return!();
  assert.equal(returned, true);
  assert.equal((await iterator.next()).done, true);
});

test('a worker that ends lets go of what its clients were being sent', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const [worker] = server.workers;
  let letGo = () => {};
  const returned = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  async function* pieces() {
    try {
      for (;;) yield Buffer.from('piece');
    } finally {
      letGo();
    }
  }
  server.answerWith(async () => ({ status: 200, headers: {}, body: pieces() }));
  await (await worker!.pieces('DescribeLimits'))[Symbol.asyncIterator]().next();
  worker!.parts.owner.close();
  await returned;
});

/** Pieces of which the first never comes, and what their source is told. */
function silentPieces() {
  const told = { asked: 0, returned: 0 };
  const pieces: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => pieces,
    next: () => {
      told.asked += 1;
      return new Promise(() => {});
    },
    return: async () => {
      told.returned += 1;
      return { done: true, value: undefined };
    },
  };
  return { pieces, told };
}

/** Waits until it holds, or never will. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn++) await settled();
}

test('a source hears that its client has gone also while it is asked for a piece', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const { pieces, told } = silentPieces();
  server.answerWith(async () => ({ status: 200, headers: {}, body: pieces }));
  const iterator = (await server.workers[0]!.pieces('DescribeLimits'))[Symbol.asyncIterator]();
  // It is never answered.
  void iterator.next();
  await eventually(() => told.asked === 1);
  await iterator.return!();
  assert.deepEqual(told, { asked: 1, returned: 1 });
});

test('a source whose worker ends before its answer is there hears of it', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const { pieces, told } = silentPieces();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  server.answerWith(async () => {
    hear();
    await allowed;
    return { status: 200, headers: {}, body: pieces };
  });
  const [worker] = server.workers;
  // It is never answered.
  void worker!.pieces('DescribeLimits');
  await heard;
  worker!.parts.owner.close();
  for (let turn = 0; turn < 20; turn++) await settled();
  allow();
  await eventually(() => told.returned > 0);
  assert.deepEqual(told, { asked: 0, returned: 1 });
});

test('the owner does not hear of a request whose signature is no good', async () => {
  await using server = await OwnerWithWorkers.of(1, {
    region: 'eu-west-1',
  });
  let heard = 0;
  server.answerWith(async () => {
    heard++;
    return { status: 200, headers: {}, body: '' };
  });
  const { status } = await server.workers[0]!.request('DescribeLimits', {});
  assert.equal(status, 400);
  assert.equal(heard, 0);
});

test('an operation that fails at the owner is answered as it answers', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const { status, body } = await server.workers[0]!.answer('DescribeStreamSummary', { StreamName: 'none' });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('the owner is sent the name of a call, its verified caller and where it came from, and no headers', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const calls: unknown[] = [];
  server.answerWith(async (call, body) => {
    calls.push({ ...call, requestId: typeof call.requestId, body: String(body) });
    return { status: 200, headers: {}, body: '' };
  });
  await server.workers[0]!.request('DescribeLimits', {});
  assert.deepEqual(calls, [
    {
      service: 'kinesis',
      protocol: 'awsJson1_1',
      called: { operation: 'DescribeLimits' },
      caller: { account: '000000000000', region: 'us-east-1', user: 'AKIDEXAMPLE' },
      peer,
      requestId: 'string',
      body: '{}',
    },
  ]);
});

test('puts and reads run where the request came in, all else at the owner', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const forwarded = new Set<string>();
  server.answerWith(async ({ called }) => {
    forwarded.add(called.operation);
    return { status: 200, headers: {}, body: '' };
  });
  for (const { name, input } of operations.values()) {
    await server.workers[0]!.request(name, sampleInput(input));
  }
  const here = [...operations.keys()].filter((name) => !forwarded.has(name));
  assert.deepEqual(here, ['PutRecord', 'PutRecords', 'GetShardIterator', 'GetRecords']);
});

test('a page of the owner is answered by it, as it answers', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const { handle } = server.workers[0]!.parts;
  const page = { method: 'GET', target: '/ca.pem', rawHeaders: [], body: Buffer.alloc(0), peer };
  const { status, body } = await handle(page);
  assert.deepEqual([status, String(body)], [200, "the owner's certificate"]);
});

test('a worker says in /health whether the owner lives', async () => {
  await using server = await OwnerWithWorkers.of(1);
  const health = async ({ parts: { handle } }: TestWorker) =>
    (await handle({ method: 'GET', target: '/health', rawHeaders: [], body: Buffer.alloc(0), peer })).status;
  assert.equal(await health(server.workers[0]!), 200);
  const asked = health(server.addWorker('hangs'));
  await server.clock.advance(10_000);
  assert.equal(await asked, 503);
});
