import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../services/kinesis/manual-clock.ts';
import { Crowd, type Front } from './crowd.ts';

async function subscribable(front: Front): Promise<object> {
  await front.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  await front.active('s');
  const { StreamDescriptionSummary } = await front.call<{ StreamDescriptionSummary: { StreamARN: string } }>(
    'DescribeStreamSummary',
    { StreamName: 's' },
  );
  const { StreamARN } = StreamDescriptionSummary;
  const { Consumer } = await front.call<{ Consumer: { ConsumerARN: string } }>('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'c',
  });
  const { ConsumerARN } = Consumer;
  for (;;) {
    const { ConsumerDescription } = await front.call<{ ConsumerDescription: { ConsumerStatus: string } }>(
      'DescribeStreamConsumer',
      { ConsumerARN },
    );
    if (ConsumerDescription.ConsumerStatus === 'ACTIVE') break;
  }
  return { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition: { Type: 'TRIM_HORIZON' } };
}

function put(front: Front, text: string): Promise<unknown> {
  const Data = Buffer.from(text).toString('base64');
  return front.call('PutRecord', { StreamName: 's', PartitionKey: 'k', Data });
}

/** What came once so much came, however many turns it is on its way. */
async function take<Item>(count: number, next: () => Promise<readonly Item[]>): Promise<Item[]> {
  const taken: Item[] = [];
  while (taken.length < count) taken.push(...(await next()));
  return taken;
}

test('a consumer at one front gets what was put at another', async () => {
  await using crowd = await Crowd.of(2);
  const [one, other] = crowd.fronts;
  const subscriber = await one!.subscribe(await subscribable(one!));
  await put(other!, 'hello');
  const [event] = await take(1, () => subscriber.events());
  assert.deepEqual(
    event!.Records.map(({ Data }) => Buffer.from(Data, 'base64').toString()),
    ['hello'],
  );
});

test('a subscription at one front bars the same consumer at another for five seconds, and then gives way', async () => {
  await using crowd = await Crowd.of(2);
  const [one, other] = crowd.fronts;
  const input = await subscribable(one!);
  const first = await one!.subscribe(input);
  const { status, body } = await other!.answer('SubscribeToShard', input);
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceInUseException');
  await crowd.clock.advance(5_000);
  await other!.subscribe(input);
  while (!first.ended) await first.messages();
});

test("pieces are made as the front's client takes them, and no more once it is gone", async () => {
  await using crowd = await Crowd.of(1);
  const [front] = crowd.fronts;
  let made = 0;
  let returned = false;
  async function* pieces() {
    try {
      for (;;) yield Buffer.from(String(made++));
    } finally {
      returned = true;
    }
  }
  crowd.answerWith(async () => ({ status: 200, headers: {}, body: pieces() }));
  const body = await front!.pieces('DescribeLimits');
  const iterator = body[Symbol.asyncIterator]();
  assert.equal(String((await iterator.next()).value), '0');
  for (let turn = 0; turn < 5; turn++) await settled();
  assert.equal(made, 1);
  assert.equal(String((await iterator.next()).value), '1');
  await iterator.return!();
  assert.equal(returned, true);
  assert.equal((await iterator.next()).done, true);
});

test('a front that ends lets go of what its clients were being sent', async () => {
  await using crowd = await Crowd.of(1);
  const [front] = crowd.fronts;
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
  crowd.answerWith(async () => ({ status: 200, headers: {}, body: pieces() }));
  await (await front!.pieces('DescribeLimits'))[Symbol.asyncIterator]().next();
  front!.parts.owner.close();
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

/** Until it holds, or never will. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn++) await settled();
}

test('a source hears that its client has gone also while it is asked for a piece', async () => {
  await using crowd = await Crowd.of(1);
  const { pieces, told } = silentPieces();
  crowd.answerWith(async () => ({ status: 200, headers: {}, body: pieces }));
  const iterator = (await crowd.fronts[0]!.pieces('DescribeLimits'))[Symbol.asyncIterator]();
  // It is never answered.
  void iterator.next();
  await eventually(() => told.asked === 1);
  await iterator.return!();
  assert.deepEqual(told, { asked: 1, returned: 1 });
});

test('a source whose front ends before its answer is there hears of it', async () => {
  await using crowd = await Crowd.of(1);
  const { pieces, told } = silentPieces();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  crowd.answerWith(async () => {
    hear();
    await allowed;
    return { status: 200, headers: {}, body: pieces };
  });
  const [front] = crowd.fronts;
  // It is never answered.
  void front!.pieces('DescribeLimits');
  await heard;
  front!.parts.owner.close();
  for (let turn = 0; turn < 20; turn++) await settled();
  allow();
  await eventually(() => told.returned > 0);
  assert.deepEqual(told, { asked: 0, returned: 1 });
});

test('the owner does not hear of a request whose signature is no good', async () => {
  await using crowd = await Crowd.of(1, {
    region: 'eu-west-1',
  });
  let heard = 0;
  crowd.answerWith(async () => {
    heard++;
    return { status: 200, headers: {}, body: '' };
  });
  const { status } = await crowd.fronts[0]!.request('DescribeLimits', {});
  assert.equal(status, 400);
  assert.equal(heard, 0);
});

test('an operation that fails at the owner is answered as it answers', async () => {
  await using crowd = await Crowd.of(1);
  const { status, body } = await crowd.fronts[0]!.answer('DescribeStreamSummary', { StreamName: 'none' });
  assert.equal(status, 400);
  assert.equal((body as { __type: string }).__type, 'ResourceNotFoundException');
});

test('a front says in /health whether the owner lives', async () => {
  await using crowd = await Crowd.of(1);
  const health = async ({ parts: { handle } }: Front) =>
    (await handle({ method: 'GET', target: '/health', rawHeaders: [], body: Buffer.alloc(0) })).status;
  assert.equal(await health(crowd.fronts[0]!), 200);
  const asked = health(crowd.addFront('hangs'));
  await crowd.clock.advance(10_000);
  assert.equal(await asked, 503);
});
