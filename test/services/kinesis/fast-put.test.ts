import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import type { HttpMessage } from '../../../src/env/network.ts';
import { putRecord } from '../../../src/services/kinesis/operations/put-record.ts';
import { putRecords } from '../../../src/services/kinesis/operations/put-records.ts';
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

/**
 * The same call in a form that only the general path reads: behind much white space, or with a member more.
 * Bodies that do not begin as a map are left as they are.
 */
function madeGeneral([operation, body, codec]: Call): Call {
  return [operation, codec === json ? Buffer.concat([whiteSpace, body]) : withMember(body), codec];
}

const whiteSpace = Buffer.alloc(1000, ' ');

/** Puts `"_": null` before the members of a map in CBOR, whose length is told or not (RFC 8949 §3). */
function withMember(body: Buffer): Buffer {
  const first = body[0] ?? 0;
  const [short, long] = [first >= 0xa0 && first < 0xb7, first >= 0xb8 && first <= 0xba];
  if (!short && !long && first !== 0xbf) return body;
  const headBytes = long ? 1 + 2 ** (first - 0xb8) : 1;
  const head = Buffer.from(body.subarray(0, headBytes));
  if (first !== 0xbf) head[head.length - 1]! += 1;
  return Buffer.concat([head, Buffer.of(0x61, 0x5f, 0xf6), body.subarray(headBytes)]);
}

/** How many of the calls were read the general path while something was done, and what came of it. */
async function counted<Result>(work: () => Promise<Result>): Promise<{ general: number; result: Result }> {
  const decoders = [json, cbor, rpcCbor].map((codec) => mock.method(codec, 'decode'));
  try {
    const result = await work();
    // What is refused may be looked at again, with what other servers have been told.
    const bodies = new Set(decoders.flatMap(({ mock }) => mock.calls.map((call) => call.arguments[0])));
    return { general: bodies.size, result };
  } finally {
    for (const { mock } of decoders) mock.restore();
  }
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

/** The calls that read what the server holds in the end go the general path, too. */
const readsAfter = 1 + 2 * 3;

for (const limits of ['none', 'aws']) {
  test(`what goes the fast path is answered and stored as if it went the general path (limits ${limits})`, async () => {
    let all = 0;
    let fast = 0;
    const property = fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      const usual = await counted(() => run(calls, { limits }));
      const general = await counted(() => run(calls.map(madeGeneral), { limits }));
      all += calls.length;
      fast += general.general - usual.general;
      assert.equal(general.general, calls.length + readsAfter, 'all of them went the general path');
      assert.deepEqual(usual.result, general.result);
    });
    await fc.assert(property, { numRuns: 100 });
    assert.ok(fast > all / 10 && fast < all, `${fast} of ${all} requests went the fast path`);
  });
}

for (const codec of [json, cbor, rpcCbor]) {
  test(`a plain put goes the fast path (${codec.contentType})`, async () => {
    const entry = { PartitionKey: 'k', Data: Buffer.from('data') };
    const calls = [putRecordOf(codec, entry), putRecordsOf(codec, [entry, entry])];
    const { general, result } = await counted(() => run(calls, {}));
    assert.equal(general, readsAfter);
    assert.deepEqual(
      result.slice(0, 2).map((answer) => (answer as [status: number])[0]),
      [200, 200],
    );
  });
}

const bytes = (count: number) => Buffer.alloc(count * 1024, 'x');

for (const codec of [json, cbor, rpcCbor]) {
  test(`records over the limits are refused the fast path as the general path refuses them (${codec.contentType})`, async () => {
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
    const { general, result: answers } = await counted(() => run(calls, { limits: 'aws' }));
    assert.ok(general < calls.length + readsAfter, 'none of them went the fast path');
    const oneFailed = codec === json ? '"FailedRecordCount":1' : 'FailedRecordCount\u0001';
    assert.ok(String(answers[0]).includes(oneFailed));
    assert.match(String(answers[1]), /Rate exceeded for shard/);
    assert.deepEqual(answers, await run(calls.map(madeGeneral), { limits: 'aws' }));
  });
}

type Entry = { readonly PartitionKey: string; readonly Data: Buffer };

function putRecordsOf(codec: Codec, Records: readonly Entry[]): Call {
  return ['PutRecords', codec.encode({ StreamName: 's', Records }, putRecords.input), codec];
}

function putRecordOf(codec: Codec, entry: Entry): Call {
  return ['PutRecord', codec.encode({ StreamName: 's', ...entry }, putRecord.input), codec];
}
