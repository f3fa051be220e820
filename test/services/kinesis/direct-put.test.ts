import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HttpMessage } from '../../../src/env/network.ts';
import type { FastPath } from '../../../src/rpc/operation.ts';
import { putRecord } from '../../../src/services/kinesis/operations/put-record.ts';
import { putRecords } from '../../../src/services/kinesis/operations/put-records.ts';
import { operations } from '../../../src/services/kinesis/operations.ts';
import { cbor } from '../../../src/wire/cbor/cbor.ts';
import { rpcCbor } from '../../../src/wire/cbor/rpc-cbor.ts';
import { rpcProtocolName } from '../../../src/wire/cbor/rpc-protocol.ts';
import type { Codec } from '../../../src/wire/codec.ts';
import { json } from '../../../src/wire/json/json.ts';
import { cborPutBodies, putBodies } from '../../wire/put-bodies.ts';
import { Harness } from './harness.ts';

type Call = readonly [operation: 'PutRecord' | 'PutRecords', body: Buffer, codec: Codec];

const call: fc.Arbitrary<Call> = fc
  .tuple(fc.constantFrom('PutRecord', 'PutRecords'), fc.constantFrom(json, cbor, rpcCbor))
  .chain(([operation, codec]) => {
    const bodies = codec === json ? putBodies(operation) : cborPutBodies(operation);
    return bodies.map((body): Call => [operation, body, codec]);
  });

function requestOf(server: Harness, [operation, body, codec]: Call): HttpMessage {
  const request = server.request(operation, body, codec.contentType);
  if (codec !== rpcCbor) return request;
  const target = `/service/Kinesis_20131202/operation/${operation}`;
  const named = request.rawHeaders.indexOf('X-Amz-Target');
  return {
    ...request,
    target,
    rawHeaders: request.rawHeaders.with(named, 'Smithy-Protocol').with(named + 1, rpcProtocolName),
  };
}

/** The direct ways that there are, by operation. */
const ways = ['PutRecord', 'PutRecords'].map(
  (name) => operations.get(name)!.fastPath as Map<Codec, FastPath>,
);

/** Has every direct way be another while something is done: those of the table are put back afterwards. */
async function withWays<Result>(
  change: (way: FastPath) => FastPath,
  work: () => Promise<Result>,
): Promise<Result> {
  const saved = ways.map((way) => [...way]);
  for (const way of ways) for (const [codec, direct] of way) way.set(codec, change(direct));
  try {
    return await work();
  } finally {
    ways.forEach((way, index) => {
      for (const [codec, direct] of saved[index]!) way.set(codec, direct);
    });
  }
}

/** How many requests went the direct way while something was done, and what came of it. */
async function counted<Result>(work: () => Promise<Result>): Promise<{ direct: number; result: Result }> {
  let direct = 0;
  const count =
    (way: FastPath): FastPath =>
    (...request) => {
      const answer = way(...request);
      if (answer !== undefined) direct += 1;
      return answer;
    };
  const result = await withWays(count, work);
  return { direct, result };
}

/** The answers of a new server, and what it holds in the end. */
async function run(calls: readonly Call[], options: object): Promise<unknown[]> {
  await using server = await Harness.start({ limits: 'none', ...options });
  await server.createStream('s', 3);
  const answers: unknown[] = [];
  for (const call of calls) {
    const { status, headers, body } = await server.send(requestOf(server, call));
    answers.push([status, headers['Content-Type'], body.toString('latin1')]);
    await server.clock.advance(100);
  }
  for (const shard of ['0', '1', '2']) {
    const named = { StreamName: 's', ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
    answers.push(await server.call('GetRecords', await server.call('GetShardIterator', named)));
  }
  return answers;
}

/** The same while no request goes a direct way. */
function runGenerally(calls: readonly Call[], options: object): Promise<unknown[]> {
  return withWays(
    () => () => undefined,
    () => run(calls, options),
  );
}

for (const limits of ['none', 'aws']) {
  test(`what goes the direct way is answered and stored as if it went the general one (limits ${limits})`, async () => {
    let all = 0;
    let direct = 0;
    const property = fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      const ran = await counted(() => run(calls, { limits }));
      all += calls.length;
      direct += ran.direct;
      assert.deepEqual(ran.result, await runGenerally(calls, { limits }));
    });
    await fc.assert(property, { numRuns: 100 });
    assert.ok(direct > all / 10 && direct < all, `${direct} of ${all} requests went the direct way`);
  });
}

for (const codec of [json, cbor, rpcCbor]) {
  test(`a plain put goes the direct way (${codec.contentType})`, async () => {
    const entry = { PartitionKey: 'k', Data: Buffer.from('data') };
    const calls = [putRecordOf(codec, entry), putRecordsOf(codec, [entry, entry])];
    const { direct, result } = await counted(() => run(calls, {}));
    assert.equal(direct, calls.length);
    assert.deepEqual(
      result.slice(0, 2).map((answer) => (answer as [status: number])[0]),
      [200, 200],
    );
  });
}

const bytes = (count: number) => Buffer.alloc(count * 1024, 'x');

for (const codec of [json, cbor, rpcCbor]) {
  test(`records over the limits are refused the direct way as the general one refuses them (${codec.contentType})`, async () => {
    const big = { PartitionKey: 'k', Data: bytes(400) };
    const small = { PartitionKey: 'another key', Data: bytes(1) };
    const many = Array.from({ length: 11 }, () => ({ ...big, Data: bytes(1000) }));
    const calls = [
      putRecordsOf(codec, [big, small, big, big, small]),
      putRecordOf(codec, big),
      putRecordOf(codec, small),
      putRecordsOf(codec, [small, { ...big, Data: bytes(1024) }]),
      putRecordOf(codec, { ...small, Data: bytes(1025) }),
      putRecordsOf(codec, many),
    ];
    const { direct, result: answers } = await counted(() => run(calls, { limits: 'aws' }));
    assert.ok(direct > 0, 'none of them went the direct way');
    const oneFailed = codec === json ? '"FailedRecordCount":1' : 'FailedRecordCount\u0001';
    assert.ok(String(answers[0]).includes(oneFailed));
    assert.match(String(answers[1]), /Rate exceeded for shard/);
    assert.deepEqual(answers, await runGenerally(calls, { limits: 'aws' }));
  });
}

type Entry = { readonly PartitionKey: string; readonly Data: Buffer };

function putRecordsOf(codec: Codec, Records: readonly Entry[]): Call {
  return ['PutRecords', codec.encode({ StreamName: 's', Records }, putRecords.input), codec];
}

function putRecordOf(codec: Codec, entry: Entry): Call {
  return ['PutRecord', codec.encode({ StreamName: 's', ...entry }, putRecord.input), codec];
}
