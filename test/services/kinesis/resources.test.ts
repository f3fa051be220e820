import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Catalog, openCatalog } from '../../../src/catalog/catalog.ts';
import { streamKeyOf } from '../../../src/catalog/state.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { formatConsumerArn, formatStreamArn } from '../../../src/kinesis/arn.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { operations } from '../../../src/services/kinesis/operations.ts';
import { sealIterator } from '../../../src/services/kinesis/parts/iterator.ts';
import { sealPageToken } from '../../../src/services/kinesis/parts/page-token.ts';
import { type KinesisWorld, kinesisWorld } from '../../../src/services/kinesis/world.ts';
import { Load } from '../../../src/stream/load.ts';
import { Meter } from '../../../src/stream/meter/meter.ts';
import { json } from '../../../src/wire/json/json.ts';
import { aCaller } from '../../access/a-caller.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from './manual-clock.ts';
import { noKeys } from './no-keys.ts';
import { sampleInput } from './sample-input.ts';

// What each operation says a request is about, before it does anything.

const clock = new ManualClock();
const caller = aCaller();
const there = { account: '000000000000', region: 'us-east-1', name: 'present' };
const consumer = {
  name: 'c',
  status: 'ACTIVE',
  createdAt: clock.now(),
  since: clock.now(),
  tags: [],
  policy: null,
} as const;
const stream: Stream = { ...sampleStream(1), ...there, consumers: [consumer] };
const streamArn = formatStreamArn(stream);
const consumerArn = formatConsumerArn(stream, consumer);

let world: KinesisWorld;
let catalog: Catalog;

before(async () => {
  const log = openMemoryLog(clock);
  catalog = await openCatalog(log);
  await catalog.commit(() => [
    { kind: 'stream-created', stream },
    { kind: 'stream-created', stream: { ...stream, id: '2', account: '111111111111' } },
    { kind: 'stream-created', stream: { ...stream, id: '3', region: 'us-west-1' } },
  ]);
  const env = { clock, random: new TestRandom(1), logger: silentLogger };
  const background = { nudge: () => assert.fail('something is done'), stop: async () => {} };
  const nothing = () => assert.fail('something is done');
  const subscriptions = { begin: nothing, beginTail: nothing };
  const meter = new Meter({ clock, catalog });
  const state = { catalog, log, load: new Load(), meter, background, subscriptions, ...noKeys };
  world = kinesisWorld({ limits: 'aws', workers: 0 }, env, state, Buffer.alloc(32));
});

const nowhere = { address: '', secure: true, listener: '' };

function resourceOf(operation: string, request: object): string {
  const declared = operations.get(operation)!;
  const input = json.decode(Buffer.from(JSON.stringify(request)), declared.input);
  const asked = { headers: new Map(), peer: nowhere, recheck() {} };
  return declared.prepare(world, input, caller, json, asked).resource;
}

const accountWide = ['ListStreams', 'DescribeLimits', 'DescribeAccountSettings', 'UpdateAccountSettings'];

for (const { name, input } of operations.values()) {
  const { StreamName, StreamARN, ConsumerARN, ResourceARN } = input.members;
  if (StreamName !== undefined) {
    test(`${name} is about the stream that is named`, () => {
      assert.equal(resourceOf(name, { ...sampleInput(input), StreamName: 'present' }), streamArn);
    });
  }
  if (StreamARN !== undefined && ConsumerARN === undefined && name !== 'GetRecords') {
    test(`${name} is about the stream whose ARN is given`, () => {
      assert.equal(resourceOf(name, { ...sampleInput(input), StreamARN: streamArn }), streamArn);
    });
  }
  if (StreamARN !== undefined && ConsumerARN !== undefined) {
    test(`${name} is about the consumer, also when its stream and its name are given`, () => {
      const named = { StreamARN: streamArn, ConsumerName: 'c' };
      assert.equal(resourceOf(name, named), consumerArn);
      assert.equal(resourceOf(name, { ...named, ConsumerARN: consumerArn }), consumerArn);
      // So a policy for `stream/NAME/consumer/*` lets a consumer be asked for before it is registered.
      assert.equal(resourceOf(name, { ...named, ConsumerName: 'none' }), `${streamArn}/consumer/none`);
    });
  }
  if (ConsumerARN?.required) {
    test(`${name} is about the consumer`, () => {
      assert.equal(resourceOf(name, { ...sampleInput(input), ConsumerARN: consumerArn }), consumerArn);
    });
  }
  if (ResourceARN !== undefined) {
    test(`${name} is about what the ARN names`, () => {
      for (const arn of [streamArn, consumerArn]) {
        assert.equal(resourceOf(name, { ...sampleInput(input), ResourceARN: arn }), arn);
      }
    });
  }
  if (accountWide.includes(name)) {
    test(`${name} is about all of the account`, () => {
      assert.equal(resourceOf(name, sampleInput(input)), '*');
    });
  }
}

test('GetRecords is about the stream in its iterator', () => {
  const ShardIterator = sealIterator(world.tokens, stream, stream.shards[0]!, 0, clock.now());
  assert.equal(resourceOf('GetRecords', { ShardIterator }), streamArn);
});

test('a next page of ListShards is about the stream in its token', () => {
  const { account, region, name, createdAt } = stream;
  const fields = [account, region, name, createdAt, 'AT_LATEST', 0, 0];
  const NextToken = sealPageToken(world, 'ListShards', caller, fields);
  assert.equal(resourceOf('ListShards', { NextToken }), streamArn);
});

test('of several things, what belongs to another account is what counts', () => {
  const theirs = 'arn:aws:kinesis:us-east-1:111111111111:stream/present';
  const named = { StreamARN: theirs, ConsumerARN: consumerArn };
  assert.equal(resourceOf('DescribeStreamConsumer', named), theirs);
});

test('a consumer of another account or region is not looked up', () => {
  const resource = (StreamARN: string) =>
    resourceOf('DescribeStreamConsumer', { StreamARN, ConsumerName: 'c' });
  const theirs = streamArn.replace('000000000000', '111111111111');
  assert.equal(resource(theirs), theirs);
  const elsewhere = streamArn.replace('east', 'west');
  assert.equal(resource(elsewhere), `${elsewhere}/consumer/c`);
});

test('what names nothing stands for nothing', () => {
  assert.equal(resourceOf('DescribeStream', {}), '*');
  assert.equal(resourceOf('DescribeStream', { StreamARN: 'arn:aws:kinesis:x' }), '*');
  assert.equal(resourceOf('GetRecords', { ShardIterator: 'none' }), '*');
});

test('nothing was done', () => {
  assert.equal(catalog.state.streams.get(streamKeyOf(stream)), stream);
});
