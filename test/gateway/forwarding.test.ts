import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/services/kinesis/operations.ts';
import { aCaller } from '../access/a-caller.ts';
import { sampleInput } from '../services/kinesis/sample-input.ts';
import { OwnerWithWorkers, peer, type TestWorker } from './owner-with-workers.ts';

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

test('the owner is sent the name of a call, its verified caller and where it came from, and no headers but those of the audit log', async () => {
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
      caller: aCaller('AKIDEXAMPLE', '000000000000', 'us-east-1', 'anyone'),
      peer,
      requestId: 'string',
      rawHeaders: ['host', 'localhost'],
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
  assert.deepEqual(here, ['PutRecord', 'PutRecords', 'GetShardIterator', 'GetRecords', 'SubscribeToShard']);
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
