import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runMapping } from '../../../src/cli/mapping/mapping.ts';
import type { MappingAction } from '../../../src/cli/mapping/mapping-request.ts';
import { callsOf } from '../../../src/cli/online-calls.ts';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { lambdaError } from '../../../src/services/lambda/errors.ts';
import { MappingCalls, ordersArn } from '../../services/lambda/mapping-calls.ts';

/** The command against the service itself. */
async function world() {
  const calls = await MappingCalls.open();
  const uuid = await calls.createSettled();
  const send = async ({ method, url, body }: ClientSend) => {
    const { pathname, search } = new URL(url);
    const input = body.length === 0 ? undefined : JSON.parse(String(body));
    const answer = await calls.send(method, pathname + search, input);
    const headers: Record<string, string> =
      answer.type === undefined ? {} : { 'x-amzn-errortype': answer.type };
    return { status: answer.status, headers, body: Buffer.from(JSON.stringify(answer.body)) };
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const online = { endpoint: 'http://localhost:1', credentials, region: 'us-east-1', ca: undefined };
  const asked = callsOf(online, { send }, calls.clock);
  const run = async (action: MappingAction, json = false) => {
    const said: string[] = [];
    const shown: string[] = [];
    const say = (text: string) => void said.push(text);
    const isDone = await runMapping(action, {
      calls: asked,
      json,
      say,
      show: (line) => void shown.push(line),
    });
    return { isDone, text: said.join(''), shown };
  };
  return { calls, uuid, run };
}

const tables = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/));

test('mappings are listed with how far they are behind', async () => {
  const { calls, uuid, run } = await world();
  const sight = { lag: 1500, behindRecords: 1200, doneRecords: 7, timeToLoss: 86_400_000, lastResult: 'OK' };
  calls.shards = [
    { ...sight, shardId: 'shardId-000000000001', recordsPerSecond: 40 },
    { ...sight, shardId: 'shardId-000000000002', lag: 200, timeToLoss: undefined, recordsPerSecond: 2 },
  ];
  await calls.giveUp(uuid, 'one');
  const { text, isDone } = await run({ kind: 'list' });
  assert.equal(isDone, true);
  assert.deepEqual(tables(text).slice(0, 2), [
    [
      'UUID',
      'FUNCTION',
      'STREAM',
      'STATE',
      'LAG',
      'BEHIND',
      'RECORDS/S',
      'TIME TO LOSS',
      'FAILURES',
      'LAST RESULT',
    ],
    [uuid, 'resize', 'orders', 'Enabled', '1.5 s', '2,400', '42', '24 h', '1', 'OK'],
  ]);
  const shown = await run({ kind: 'show', mapping: uuid.slice(0, 6) });
  assert.match(shown.text, /^BatchSize +100$/m);
  assert.deepEqual(tables(shown.text).slice(-4, -1), [
    ['SHARD', 'LAG', 'BEHIND', 'RECORDS/S', 'TIME TO LOSS', 'LAST RESULT'],
    ['shardId-000000000001', '1.5 s', '1,200', '40', '24 h', 'OK'],
    ['shardId-000000000002', '0.2 s', '1,200', '2', '-', 'OK'],
  ]);
});

test('what is printed for machines is JSON', async () => {
  const { uuid, run } = await world();
  const [listed] = JSON.parse((await run({ kind: 'list' }, true)).text);
  assert.equal(listed.UUID, uuid);
  const shown = JSON.parse((await run({ kind: 'show', mapping: 'resize' }, true)).text);
  assert.deepEqual([shown.BatchSize, shown.Shards], [100, []]);
});

test('a failure is shown with its records, and what could move the cursor is not', async () => {
  const { calls, uuid, run } = await world();
  await calls.giveUp(uuid, 'one\u001b[2J', '\u00e4');
  const { text } = await run({ kind: 'failures', mapping: 'resize' });
  assert.deepEqual(tables(text)[1]?.slice(0, 2), ['0', '2023-11-14T22:13:21.123Z']);
  assert.equal(tables(text)[1]?.at(-1), 'Error: no');
  const one = await run({ kind: 'failure', mapping: 'resize', number: 0 });
  assert.deepEqual(
    tables(one.text)
      .slice(5, 8)
      .map((row) => row.slice(1)),
    [
      ['ARRIVED', 'PARTITION KEY', 'DATA'],
      ['2023-11-14T22:13:21.123Z', 'k"', 'one\\u001b[2J'],
      ['2023-11-14T22:13:21.123Z', 'k"', '\u00e4'],
    ],
  );
});

test('a redrive goes on with what waits, shows how far it is, and says what came of each', async () => {
  const { calls, uuid, run } = await world();
  for (const data of ['one', 'two', 'three']) await calls.giveUp(uuid, data);
  const isTwo = (event: string) => event.includes(Buffer.from('two').toString('base64'));
  calls.answers = (event) => (isTwo(event) ? lambdaError('TooManyRequestsException', 'Rate Exceeded.') : {});
  const redriven = await run({ kind: 'redrive', mapping: 'resize', numbers: [] });
  assert.deepEqual(redriven, {
    isDone: false,
    text: '0 succeeded\n1 failed: TooManyRequestsException: Rate Exceeded.\n2 succeeded\n2 of 3 succeeded.\n',
    shown: ['failure 0, 1 of 3', '', 'failure 1, 2 of 3', '', 'failure 2, 3 of 3', ''],
  });
  calls.answers = () => ({});
  const { text, isDone } = await run({ kind: 'redrive', mapping: 'resize', numbers: [1] }, true);
  assert.deepEqual([isDone, JSON.parse(text)], [true, [{ Number: 1, Outcome: 'Succeeded' }]]);
  assert.equal((await run({ kind: 'redrive', mapping: 'resize', numbers: [] })).text, 'Nothing waits.\n');
});

test('a mapping pauses, and goes on', async () => {
  const { calls, uuid, run } = await world();
  assert.equal((await run({ kind: 'disable', mapping: 'resize' })).text, `${uuid} is Disabling.\n`);
  await calls.settle();
  assert.equal((await run({ kind: 'enable', mapping: uuid })).text, `${uuid} is Enabling.\n`);
  await assert.rejects(run({ kind: 'enable', mapping: uuid }), {
    name: 'ResourceInUseException',
    message: 'Cannot update the event source mapping because it is in use.',
  });
});

test('a name that stands for no mapping, or for several, is refused in one line', async () => {
  const { calls, uuid, run } = await world();
  await assert.rejects(run({ kind: 'show', mapping: 'reduce' }), {
    ...{
      name: 'ResourceNotFoundException',
      message: 'there is no mapping reduce; see millrace mapping list',
    },
  });
  const second = await calls.create({ EventSourceArn: `${ordersArn}/consumer/fan:1600000000` });
  await assert.rejects(run({ kind: 'show', mapping: 'resize' }), {
    name: 'ResourceNotFoundException',
    message: `resize has several mappings: name one of ${[uuid, second.UUID].sort().join(', ')}`,
  });
});

test('what does not speak the API, or does not answer, is said', async () => {
  const callsBy = (
    send: () => Promise<{ status: number; headers: Record<string, string>; body: Buffer }>,
  ) => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const online = { endpoint: 'http://localhost:1', credentials, region: 'us-east-1', ca: undefined };
    return callsOf(online, { send }, { ...clockless });
  };
  const clockless = { now: () => 0, monotonic: () => 0, turn: async () => {}, sleep: async () => {} };
  const page = async () => ({ status: 404, headers: {}, body: Buffer.from('<html>') });
  await assert.rejects(callsBy(page).lambda('GET', '/x'), {
    message: "what answers does not speak AWS's API: it answered 404",
  });
  await assert.rejects(callsBy(() => Promise.reject(new Error('refused'))).lambda('GET', '/x'), {
    message: 'cannot reach http://localhost:1: refused',
  });
});
