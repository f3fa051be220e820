import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/env/logger.ts';
import { operations } from '../../../src/services/kinesis/operations.ts';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';
import { cborBytes } from '../../wire/cbor-bytes.ts';
import { Harness, jsonType } from './harness.ts';
import { sampleInput } from './sample-input.ts';

/** A way to say a number that JSON has, and one that only CBOR has. */
const jsonNumbers = [
  ...[
    '0',
    '-0',
    '-1',
    '0.5',
    '-0.5',
    '1.5',
    '1e-320',
    '1e300',
    '-1e300',
    '1e999',
    '-1e999',
    '8.64e12',
    '8.65e15',
  ],
  ...[
    '2147483647',
    '2147483648',
    '-2147483649',
    '9007199254740993',
    '9223372036854775808',
    '-9223372036854775809',
  ],
  ...['24', '1024', '1700000000', '1700000000.9999', `1${'0'.repeat(300)}`],
];
const cborNumbers = [
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  1e300,
  -1e300,
  5e-324,
  0.5,
  2 ** 53,
  -(2 ** 53),
  8.65e15,
];

const two = (exponent: number) => 2n ** BigInt(exponent);
/** Whole numbers that are written as texts: sequence numbers of all versions and of none, hash keys. */
const textNumbers = [
  ...[0n, 1n, 5n, two(32), two(63), two(64), two(88), two(123)].map(String),
  ...[124, 125, 127, 128, 129, 130, 160, 184, 185, 186, 187, 200].flatMap((exponent) =>
    [-1n, 0n, 1n].map((more) => String(two(exponent) + more)),
  ),
  ...[1n, 2n, 3n].flatMap((version) =>
    [0n, 1n, two(31), two(32) - 1n].map((index) => String(two(185) + (index << 4n) + version)),
  ),
  ...[two(63) - 1n, two(63), two(64) - 1n].map((counter) => String(two(185) + (counter << 80n) + 2n)),
  ...[16_025_174_999n, 16_025_175_000n, two(36) - 1n].map((second) =>
    String(two(185) + (second << 148n) + 2n),
  ),
  String((3n * two(185)) / 2n),
  '9'.repeat(39),
  '9'.repeat(129),
  '9'.repeat(130),
  ...['', '-1', '00', '01', '1.0', '1e3', '+1', 'NaN', 'Infinity', '0x10', '１'],
];
const shardNumbers = ['2147483647', '2147483648', '-1', 'x--1', '1e3', 'NaN', '.', '9'.repeat(128)];

/** What a member takes that is a number in some way; undefined when it is none. */
function numbersFor(name: string, shape: Shape): { json: string[]; cbor: number[] } | undefined {
  const quoted = (texts: readonly string[]) => ({
    json: texts.map((text) => JSON.stringify(text)),
    cbor: [],
  });
  if (shape.kind === 'integer' || shape.kind === 'long' || shape.kind === 'timestamp') {
    return { json: jsonNumbers, cbor: cborNumbers };
  }
  if (shape.kind !== 'string') return undefined;
  if (shape.pattern?.text.includes('[1-9]')) return quoted(textNumbers);
  return /Shard/.test(name) && shape.max === 128 ? quoted(shardNumbers) : undefined;
}

/** Where a structure has such members, at any depth, lists included. */
function places(shape: Shape, path: readonly string[] = []): { path: readonly string[]; shape: Shape }[] {
  if (shape.kind === 'list') return places(shape.item, [...path, '0']);
  if (shape.kind === 'structure') {
    return shape.names.flatMap((name, index) => places(shape.shapes[index]!, [...path, name]));
  }
  return numbersFor(path.at(-1) ?? '', shape) === undefined ? [] : [{ path, shape }];
}

const consumer = 'arn:aws:kinesis:us-east-1:000000000000:stream/present/consumer/c:1700000000';

/** What makes a request of the stream that is there. */
function usual(input: StructureShape): Record<string, unknown> {
  const values = {
    StreamName: 'present',
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/present',
    ShardId: '0',
    ShardToSplit: '0',
    NewStartingHashKey: '10',
    PartitionKey: 'a',
    Records: [{ Data: '', PartitionKey: 'a' }],
  };
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in input.members));
}

/** Requests that come so far that their numbers matter, by every value of the enum that decides which do. */
async function basesOf(
  server: Harness,
  name: string,
  input: StructureShape,
): Promise<Record<string, unknown>[]> {
  const plain: Record<string, unknown> = { ...sampleInput(input), ...usual(input) };
  const types = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'AT_TIMESTAMP', 'LATEST'];
  if (name === 'GetShardIterator') return types.map((ShardIteratorType) => ({ ...plain, ShardIteratorType }));
  if (name === 'SubscribeToShard') {
    return types.map((Type) => ({ ...plain, ConsumerARN: consumer, StartingPosition: { Type } }));
  }
  if (name === 'ListShards') {
    const filters = ['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP', 'AT_LATEST'];
    return filters.map((Type) => ({ ...plain, ShardFilter: { Type } }));
  }
  if (name === 'GetRecords') {
    const from = { StreamName: 'present', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
    return [await server.call<Record<string, unknown>>('GetShardIterator', from)];
  }
  const own: Record<string, object> = {
    CreateStream: { StreamName: 'new' },
    UpdateStreamWarmThroughput: { StreamName: 'warm', StreamARN: undefined },
    UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
  };
  return [{ ...plain, ...own[name] }];
}

/** The request with a value at a place. */
function placed(base: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(base)) return [placed(base[0], rest, value)];
  const members = (base ?? {}) as Record<string, unknown>;
  return { ...members, [name]: placed(members[name], rest, value) };
}

/** A server with a split stream that has a consumer and records, and the errors that it logged. */
async function busyServer(): Promise<{ server: Harness; logged: string[] }> {
  const logged: string[] = [];
  const error = (message: string) => void logged.push(message);
  const server = await Harness.start({ limits: 'none' }, { ...silentLogger, error, warn: error });
  await server.createStream('present', 2);
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/present';
  await server.call('PutRecord', { StreamName: 'present', Data: '', PartitionKey: 'a' });
  await server.call('SplitShard', {
    StreamName: 'present',
    ShardToSplit: '1',
    NewStartingHashKey: String(2n ** 127n + 9n),
  });
  await server.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  await server.call('CreateStream', { StreamName: 'warm' });
  await server.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  await server.clock.advance(100);
  return { server, logged };
}

/**
 * None of the shards that numbers may name are there to be merged, and channels are none that could be had.
 */
const refusesAll: ReadonlySet<string> = new Set(['MergeShards', 'CreateChannel', 'UpdateChannel']);

for (const { name, input } of operations.values()) {
  const found = places(input);
  if (found.length === 0) continue;

  test(`${name} answers whatever numbers it is sent, and nothing fails`, async () => {
    const { server, logged } = await busyServer();
    await using _ = server;
    const answers = { 200: 0, 400: 0 };
    const send = async (body: Buffer | string, contentType: string, what: string) => {
      const answer = await server.handle(server.request(name, body, contentType));
      assert.ok(answer.status === 200 || answer.status === 400, `${what}: ${answer.status} ${answer.body}`);
      answers[answer.status] += 1;
      const { body: answered } = answer;
      if (typeof answered === 'object' && Symbol.asyncIterator in answered) {
        await answered[Symbol.asyncIterator]().return?.();
      }
    };
    for (const base of await basesOf(server, name, input)) {
      for (const { path, shape } of found) {
        const { json, cbor } = numbersFor(path.at(-1)!, shape)!;
        for (const text of json) {
          const body = JSON.stringify(placed(base, path, '\u0000')).replace('"\\u0000"', text);
          await send(body, jsonType, body);
        }
        for (const number of cbor) {
          const body = cborBytes(placed(base, path, number) as never, [0]);
          await send(body, 'application/x-amz-cbor-1.1', `${path.join('.')} = ${number}`);
        }
        await server.clock.advance(1000);
      }
    }
    assert.ok(answers[400] > 0, 'some numbers are refused');
    assert.equal(answers[200] > 0, !refusesAll.has(name), 'some numbers are taken');
    assert.deepEqual(logged, []);
  });
}
