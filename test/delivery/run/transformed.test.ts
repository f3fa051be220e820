import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransformAnswer } from '../../../src/delivery/delivery-world.ts';
import { DeliveryTestWorld, linesOf } from './delivery-test-world.ts';

type Event = {
  readonly invocationId: string;
  readonly sourceKinesisStreamArn: string;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
};

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const lambda = { functionArn, role: 'r', retries: 3, buffering: { bytes: 1024, ms: 1_000 } };

test('a function changes records, drops some, and fails some, which go to the errors as they came', async () => {
  const world = await DeliveryTestWorld.with({ lambda });
  world.transform = (text) => {
    const { records } = JSON.parse(text) as Event;
    return answered(
      records.map(({ recordId, data }, index) => {
        const line = Buffer.from(data, 'base64').toString();
        if (index === 0) return { recordId, result: 'Dropped' };
        if (index === 1) return { recordId, result: 'ProcessingFailed', data };
        return { recordId, result: 'Ok', data: Buffer.from(line.toUpperCase()).toString('base64') };
      }),
    );
  };
  world.start();
  await world.put(0, 'a', 'b', 'c', 'd');
  await world.until(() => world.delivered.length === 2);
  assert.deepEqual(world.delivered, ['C', 'D']);
  const [event] = world.events.map((text) => JSON.parse(text) as Event);
  assert.deepEqual(Object.keys(event!), [
    'invocationId',
    'sourceKinesisStreamArn',
    'deliveryStreamArn',
    'region',
    'records',
  ]);
  assert.match(event!.records[0]!.recordId, /^\d{56}000000$/);
  const [error] = errorsIn(world);
  assert.deepEqual(
    { ...error, arrivalTimestamp: 0, attemptEndingTimestamp: 0 },
    {
      attemptsMade: 1,
      arrivalTimestamp: 0,
      attemptEndingTimestamp: 0,
      errorCode: 'Lambda.ProcessingFailedStatus',
      errorMessage: 'ProcessingFailed status set for record',
      rawData: Buffer.from('b').toString('base64'),
      lambdaARN: functionArn,
    },
  );
  assert.equal(world.sight.refused, 1);
  await world.stop();
});

const failures: readonly (readonly [
  what: string,
  answer: TransformAnswer,
  code: string,
  attempts: number,
])[] = [
  [
    'fails',
    { kind: 'failed', passes: false, code: 'FunctionError', message: 'no' },
    'Lambda.FunctionError',
    4,
  ],
  [
    'is invoked too often',
    { kind: 'failed', passes: true, code: 'TooManyRequestsException', message: 'no' },
    'Lambda.InvokeLimitExceeded',
    4,
  ],
  ['answers no JSON', { kind: 'answered', payload: Buffer.from('no') }, 'Lambda.JsonProcessingException', 1],
  ['leaves records out', answered([]), 'Lambda.MissingRecordId', 1],
];

for (const [what, answer, code, attempts] of failures)
  test(`records of a function that ${what} go to the errors, and the next ones on`, async () => {
    const world = await DeliveryTestWorld.with({ lambda });
    world.transform = () => answer;
    world.start();
    await world.put(0, 'a');
    await world.until(() => errorsIn(world).length === 1);
    const [error] = errorsIn(world);
    assert.equal(error!['errorCode'], code);
    assert.equal(error!['attemptsMade'], attempts);
    assert.equal(world.events.length, attempts);
    await world.until(() => world.progress?.plan === undefined);
    assert.equal(world.progress?.nextChunk, 1);
    await world.stop();
  });

test('records that come twice in an answer are refused, and invalid base64 is the function failing', async () => {
  const world = await DeliveryTestWorld.with({ lambda });
  world.transform = (text) => {
    const [first, second, third] = (JSON.parse(text) as Event).records;
    const ok = ({ recordId }: { readonly recordId: string }, data = 'eA==') => ({
      recordId,
      result: 'Ok',
      data,
    });
    return answered([ok(first!), ok(first!), ok(second!, '%'), ok(third!)]);
  };
  world.start();
  await world.put(0, 'a', 'b', 'c');
  await world.until(() => world.delivered.length === 1);
  assert.deepEqual(
    errorsIn(world).map(({ errorCode }) => errorCode),
    ['Lambda.DuplicatedRecordId', 'Lambda.FunctionError'],
  );
  await world.stop();
});

test('a function that answers otherwise the second time leaves nothing of the first', async () => {
  const world = await DeliveryTestWorld.with({ lambda });
  world.transform = (text) =>
    answered(
      (JSON.parse(text) as Event).records.map(({ recordId }) => ({ recordId, result: 'ProcessingFailed' })),
    );
  await world.put(0, 'a', 'b');
  world.start();
  world.crashAt('put', 'after');
  await world.until(() => !world.isRunning);
  assert.equal(errorsIn(world).length, 2);
  world.crash();
  world.transform = (text) =>
    answered(
      (JSON.parse(text) as Event).records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })),
    );
  world.start();
  await world.until(() => world.progress?.nextChunk === 1);
  assert.deepEqual(world.delivered, ['a', 'b']);
  assert.equal(errorsIn(world).length, 0);
  await world.stop();
});

test('events have no more than a function is to have, nor than Lambda takes', async () => {
  const world = await DeliveryTestWorld.with({
    buffering: { bytes: 1024 * 1024, ms: 1_000 },
    lambda: { ...lambda, buffering: { bytes: 6_000, ms: 1_000 } },
  });
  world.transform = (text) =>
    answered(
      (JSON.parse(text) as Event).records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })),
    );
  world.start();
  const lines = Array.from({ length: 20 }, (_, index) => String(index).padStart(1_000, '0'));
  await world.put(0, ...lines);
  await world.until(() => world.delivered.length === 20);
  assert.deepEqual(world.delivered, lines);
  assert.equal(world.events.length, 4);
  assert(world.events.every((event) => event.length <= 12_000));
  await world.stop();
});

test('a function has what waits as long as it is to, before the chunk ends', async () => {
  const world = await DeliveryTestWorld.with({
    buffering: { bytes: 1024 * 1024, ms: 60_000 },
    lambda: { ...lambda, buffering: { bytes: 6_000, ms: 5_000 } },
  });
  world.transform = (text) => answered(unchanged(text));
  world.start();
  await world.put(0, 'a');
  await world.pass(4_000);
  await world.put(0, 'b');
  await world.until(() => world.events.length === 1, 3_000);
  await world.put(0, 'c');
  await world.until(() => world.delivered.length === 3);
  assert.deepEqual(
    world.events.map((text) => (JSON.parse(text) as Event).records.length),
    [2, 1],
  );
  await world.stop();
});

test('a slow function has some batches at once, and its answers are in the order of the records', async () => {
  const world = await DeliveryTestWorld.with({
    buffering: { bytes: 1024 * 1024, ms: 1_000 },
    lambda: { ...lambda, buffering: { bytes: 1_000, ms: 1_000 } },
  });
  let [underWay, most, nth] = [0, 0, 0];
  world.transform = async (text) => {
    most = Math.max(most, ++underWay);
    // The later it was asked, the sooner it answers.
    await world.clock.sleep(10_000 - 100 * nth++);
    underWay--;
    return answered(unchanged(text));
  };
  world.start();
  const lines = Array.from({ length: 20 }, (_, index) => String(index).padStart(1_000, '0'));
  await world.put(0, ...lines);
  await world.until(() => world.delivered.length === 20);
  assert.deepEqual(world.objectsIn('b'), [lines]);
  assert.equal(most, 8);
  await world.stop();
});

function unchanged(text: string): readonly unknown[] {
  return (JSON.parse(text) as Event).records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data }));
}

function answered(records: readonly unknown[]): TransformAnswer {
  return { kind: 'answered', payload: Buffer.from(JSON.stringify({ records })) };
}

function errorsIn(world: DeliveryTestWorld): readonly Record<string, unknown>[] {
  const names = world.namesIn('errors');
  const lines = names.flatMap((name) => linesOf(world.store.objects.get(name)!));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
