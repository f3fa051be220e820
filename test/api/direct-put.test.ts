import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Direct } from '../../src/api/operation.ts';
import { operations } from '../../src/api/operations.ts';
import type { Codec } from '../../src/wire/codec.ts';
import { json } from '../../src/wire/json.ts';
import { putBodies } from '../wire/put-bodies.ts';
import { Harness } from './harness.ts';

type Call = readonly [operation: 'PutRecord' | 'PutRecords', body: Buffer];

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constant('PutRecord' as const), putBodies('PutRecord')),
  fc.tuple(fc.constant('PutRecords' as const), putBodies('PutRecords')),
);

/** The answers of a new server, and what it holds in the end. */
async function run(calls: readonly Call[], options: object): Promise<unknown[]> {
  await using server = await Harness.start({ limits: 'none', ...options });
  await server.createStream('s', 3);
  const answers: unknown[] = [];
  for (const [operation, body] of calls) {
    const { status, headers, body: answer } = await server.post(operation, body);
    answers.push([status, headers['Content-Type'], answer.toString()]);
    await server.clock.advance(100);
  }
  for (const shard of ['0', '1', '2']) {
    const named = { StreamName: 's', ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
    answers.push(await server.call('GetRecords', await server.call('GetShardIterator', named)));
  }
  return answers;
}

/** The same while no operation has a direct way. */
async function runGenerally(calls: readonly Call[], options: object): Promise<unknown[]> {
  const ways = ['PutRecord', 'PutRecords'].map((name) => operations.get(name)!.direct as Map<Codec, Direct>);
  const saved = ways.map((way) => way.get(json)!);
  for (const way of ways) way.delete(json);
  try {
    return await run(calls, options);
  } finally {
    ways.forEach((way, index) => {
      way.set(json, saved[index]!);
    });
  }
}

for (const limits of ['none', 'aws']) {
  test(`what goes the direct way is answered and stored as if it went the general one (limits ${limits})`, async () => {
    const property = fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      assert.deepEqual(await run(calls, { limits }), await runGenerally(calls, { limits }));
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

const kilobytes = (count: number) => Buffer.alloc(count * 1024, 'x').toString('base64');

test('records over the limits are refused the direct way as the general one refuses them', async () => {
  const big = { PartitionKey: 'k', Data: kilobytes(400) };
  const small = { PartitionKey: 'another key', Data: kilobytes(1) };
  const calls = [
    ['PutRecords', { StreamName: 's', Records: [big, small, big, big, small] }],
    ['PutRecord', { StreamName: 's', ...big }],
    ['PutRecord', { StreamName: 's', ...small }],
    ['PutRecords', { StreamName: 's', Records: [small, { ...big, Data: kilobytes(1024) }] }],
    ['PutRecord', { StreamName: 's', ...small, Data: kilobytes(1025) }],
    [
      'PutRecords',
      { StreamName: 's', Records: Array.from({ length: 11 }, () => ({ ...big, Data: kilobytes(1000) })) },
    ],
  ] as const;
  const bodies = calls.map(([operation, input]): Call => [operation, Buffer.from(JSON.stringify(input))]);
  const answers = await run(bodies, { limits: 'aws' });
  assert.match(String(answers[0]), /"FailedRecordCount":1/);
  assert.match(String(answers[1]), /Rate exceeded for shard/);
  assert.deepEqual(answers, await runGenerally(bodies, { limits: 'aws' }));
});
