import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataOf, type Event, FunctionFailure, MappingWorld, Refusal, type Script } from './mapping-world.ts';

const fails = (isPoison: (data: string) => boolean): Script => {
  return ({ Records }) => {
    if (Records.map(dataOf).some(isPoison)) throw new FunctionFailure('poison');
  };
};

const reports = (isPoison: (data: string) => boolean): Script => {
  return ({ Records }) => ({
    batchItemFailures: Records.filter((record) => isPoison(dataOf(record))).map(({ kinesis }) => ({
      itemIdentifier: kinesis.sequenceNumber,
    })),
  });
};

test('a batch that fails is tried again as often as asked for, then kept, sent and passed', async () => {
  const world = await MappingWorld.with({ retries: 2, onFailure: 'arn:aws:sqs:us-east-1:000000000000:q' });
  world.script = fails((data) => data === 'b');
  await world.put(0, 'a', 'b');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(world.history, ['call a b', 'call a b', 'call a b', 'kept', 'sent']);
  const [failure] = world.failures;
  assert.deepEqual(
    [failure?.condition, failure?.records, failure?.delivery],
    ['RetryAttemptsExhausted', 2, 'delivered'],
  );
  assert.equal(failure?.error, '{"errorType":"Error","errorMessage":"poison"}');
  assert.deepEqual(
    world.kept.map(({ data }) => String(data)),
    ['a', 'b'],
  );
  const { record, event } = world.sent[0]!;
  assert.deepEqual(record.requestContext.approximateInvokeCount, 3);
  assert.deepEqual(record.requestContext.requestId, 'request-3');
  assert.deepEqual(record.responseContext, {
    statusCode: 200,
    executedVersion: '$LATEST',
    functionError: 'Unhandled',
  });
  assert.equal(record.KinesisBatchInfo.batchSize, 2);
  assert.equal(record.KinesisBatchInfo.startSequenceNumber, failure?.firstSequenceNumber);
  assert.equal((JSON.parse(event.toString()) as Event).Records.length, 2);
  assert.equal(world.cursor()?.result, 'PROBLEM: Function call failed');
  await world.stop();
});

test('a destination that refuses is noted, and the shard goes on', async () => {
  const world = await MappingWorld.with({ retries: 0, onFailure: 'arn:aws:sqs:us-east-1:000000000000:q' });
  world.refusesDestination = true;
  world.script = fails((data) => data === 'a');
  await world.put(0, 'a');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 1);
  assert.equal(world.failures[0]?.delivery, 'failed');
  await world.put(0, 'b');
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.equal(world.cursor()?.result, 'OK');
  await world.stop();
});

test('what was refused before the function was entered is tried again, and does not count', async () => {
  const world = await MappingWorld.with({ retries: 0 });
  let refusals = 0;
  world.script = () => {
    if (++refusals <= 10) throw new Refusal('TooManyRequestsException', 'Rate Exceeded.');
  };
  await world.put(0, 'a');
  world.start();
  await world.until(() => refusals === 5);
  assert.equal(world.cursor()?.result, 'PROBLEM: Rate Exceeded.');
  await world.until(() => world.cursor()?.marks[0] === 1);
  assert.deepEqual([world.failures.length, world.calls], [0, [['a']]]);
  await world.stop();
});

test('what waits for its turn in vain says so, becomes too old, and goes on at once when it has one', async () => {
  const world = await MappingWorld.with({ maximumAgeSeconds: 60 });
  world.isThrottled = true;
  await world.put(0, 'a');
  world.start();
  await world.until(() => world.cursor()?.result === 'PROBLEM: Rate Exceeded.', 15_000);
  await world.pass(30_000);
  await world.put(0, 'b');
  await world.until(() => world.failures.length === 1, 40_000);
  assert.deepEqual(
    world.failures.map(({ condition, records }) => [condition, records]),
    [['RecordAgeExceeded', 1]],
  );
  world.isThrottled = false;
  await world.until(() => world.calls.length === 1, 11_000);
  assert.deepEqual(world.calls, [['b']]);
  await world.stop();
});

test('records that became too old are given up before a call, the younger ones of their batch are not', async () => {
  const world = await MappingWorld.with({ maximumAgeSeconds: 60 });
  world.script = fails((data) => data === 'a');
  await world.put(0, 'a');
  await world.pass(30_000);
  await world.put(0, 'b');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 2);
  assert.deepEqual(
    world.failures.map(({ condition, records }) => [condition, records]),
    [['RecordAgeExceeded', 1]],
  );
  assert.deepEqual(world.calls.at(-1), ['b']);
  await world.stop();
});

test('bisecting finds the record that fails, in order, and spends no attempts', async () => {
  const world = await MappingWorld.with({ bisects: true, retries: 1 });
  world.script = fails((data) => data === 'd');
  await world.put(0, 'a', 'b', 'c', 'd', 'e');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 5);
  const calls = world.calls.map((call) => call.join(''));
  assert.deepEqual(calls, ['abcde', 'abc', 'de', 'd', 'd', 'e']);
  assert.deepEqual(
    world.kept.map(({ data }) => String(data)),
    ['d'],
  );
  await world.stop();
});

test('the lowest item failure is where it goes on, and what is before it is committed', async () => {
  const world = await MappingWorld.with({ reportsItemFailures: true, retries: 2 });
  world.script = reports((data) => data === 'c' || data === 'e');
  await world.put(0, 'a', 'b', 'c', 'd', 'e');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 2);
  await world.until(() => world.cursor()?.marks[0] === 5);
  assert.deepEqual(
    world.calls.map((call) => call.join('')),
    ['abcde', 'cde', 'cde'],
  );
  assert.deepEqual(
    world.kept.map(({ data }) => String(data)),
    ['c', 'd', 'e'],
  );
  await world.stop();
});

test('with bisecting a batch is cut at the item that failed, and the item is found', async () => {
  const world = await MappingWorld.with({ reportsItemFailures: true, bisects: true, retries: 0 });
  world.script = reports((data) => data === 'c');
  await world.put(0, 'a', 'b', 'c', 'd', 'e');
  world.start();
  await world.until(() => world.cursor()?.marks[0] === 5);
  assert.deepEqual(
    world.calls.map((call) => call.join('')),
    ['abcde', 'cde', 'cd', 'c', 'd', 'e'],
  );
  assert.deepEqual(
    world.kept.map(({ data }) => String(data)),
    ['c'],
  );
  await world.stop();
});

const successes: readonly unknown[] = [
  '""',
  null,
  {},
  { batchItemFailures: [] },
  { batchItemFailures: null },
  'ok',
];
const failures: readonly unknown[] = [
  { batchItemFailures: [{ itemIdentifier: '' }] },
  { batchItemFailures: [{ itemIdentifier: null }] },
  { batchItemFailures: [{ itemIdentifier: '49590338271490256608559692538361571095921575989136588898' }] },
  { batchItemFailures: [{ bad_key: '1' }] },
  { batchItemFailures: 'all' },
];

test('what a function answers where item failures are reported is understood as AWS does', async () => {
  for (const [answers, expected] of [
    [successes, 1],
    [failures, 2],
  ] as const) {
    for (const answer of answers) {
      const world = await MappingWorld.with({ reportsItemFailures: true, retries: 1 });
      world.script = () => answer;
      await world.put(0, 'a', 'b');
      world.start();
      await world.until(() => world.cursor()?.marks[0] === 2);
      assert.equal(world.calls.length, expected, JSON.stringify(answer));
      assert.equal(world.failures.length, expected - 1, JSON.stringify(answer));
      await world.stop();
    }
  }
});
