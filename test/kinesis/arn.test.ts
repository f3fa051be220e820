import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatConsumerArn,
  formatStreamArn,
  parseConsumerArn,
  parseStreamArn,
  parseStreamOf,
  partitionOf,
} from '../../src/kinesis/arn.ts';

const address = { account: '123456789012', region: 'eu-central-1', name: 'orders_v2.-x' };
const stream = formatStreamArn(address);
const consumer = formatConsumerArn(address, { name: 'c.d_e-f', createdAt: 1_700_000_000_999 });

test('the ARN of a stream names region, account and stream', () => {
  assert.equal(stream, 'arn:aws:kinesis:eu-central-1:123456789012:stream/orders_v2.-x');
});

test("the ARN of a consumer names its stream's, itself, and the second of its registration", () => {
  assert.equal(consumer, `${stream}/consumer/c.d_e-f:1700000000`);
});

test('an ARN is taken apart as it was put together', () => {
  assert.deepEqual(parseStreamArn(stream), address);
  assert.deepEqual(parseConsumerArn(consumer), {
    stream: address,
    name: 'c.d_e-f',
    createdSecond: 1_700_000_000,
  });
});

test("a stream's ARN and a consumer's are not each other's, and both are about the stream", () => {
  assert.equal(parseStreamArn(consumer), undefined);
  assert.equal(parseConsumerArn(stream), undefined);
  assert.deepEqual(parseStreamOf(consumer), address);
  assert.deepEqual(parseStreamOf(stream), address);
});

test("the partition is the region's, and no other will do", () => {
  const partitions = {
    'cn-northwest-1': 'aws-cn',
    'us-gov-west-1': 'aws-us-gov',
    'us-iso-east-1': 'aws-iso',
    'us-isob-east-1': 'aws-iso-b',
    'eu-isoe-west-1': 'aws-iso-e',
    'us-isof-south-1': 'aws-iso-f',
    'eusc-de-east-1': 'aws-eusc',
    'us-east-1': 'aws',
    'us-isolated': 'aws',
    local: 'aws',
  };
  for (const [region, partition] of Object.entries(partitions)) {
    const arn = formatStreamArn({ ...address, region });
    assert.equal(arn, `arn:${partition}:kinesis:${region}:123456789012:stream/orders_v2.-x`);
    assert.deepEqual(parseStreamArn(arn), { ...address, region });
    for (const other of Object.values(partitions).filter((each) => each !== partition)) {
      assert.equal(parseStreamArn(arn.replace(`arn:${partition}:`, `arn:${other}:`)), undefined, arn);
    }
  }
});

test("every region of the SDK's table is of the partition that the table says", async () => {
  const { partitionsInfo } = await sdkTable();
  let regions = 0;
  for (const { id, regions: known } of partitionsInfo.partitions) {
    for (const region of Object.keys(known).filter((name) => !name.endsWith('-global'))) {
      assert.equal(partitionOf(region), id, region);
      regions += 1;
    }
  }
  assert.ok(regions > 30);
});

/** It is no part of what the package shows, so it is found from there. */
async function sdkTable(): Promise<{ partitionsInfo: { partitions: { id: string; regions: object }[] } }> {
  const core = new URL('./', import.meta.resolve('@aws-sdk/core/package.json'));
  const path = 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
  const source = readFileSync(new URL(path, core), 'utf8');
  return await import(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** ARNs with a character put in, taken out or changed. */
const almost = fc
  .tuple(fc.constantFrom(stream, consumer), fc.nat(), fc.nat(2), fc.constantFrom(...'/:0aA.*% \n'))
  .map(([arn, at, gone, put]) => {
    const index = at % (arn.length + 1);
    return arn.slice(0, index) + put + arn.slice(index + gone);
  });

test('what is taken for an ARN is the text that is written for what it names', () => {
  const property = fc.property(almost, (text) => {
    const parsed = parseStreamArn(text);
    if (parsed !== undefined) assert.equal(formatStreamArn(parsed), text);
    const named = parseConsumerArn(text);
    if (named === undefined) return;
    const { name, createdSecond } = named;
    assert.equal(formatConsumerArn(named.stream, { name, createdAt: createdSecond * 1000 }), text);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('what is no ARN of a stream is refused', () => {
  const wrong = [
    '',
    'orders',
    'arn:aws:s3:::bucket',
    'arn:aws:sqs:eu-central-1:123456789012:stream/s',
    'arn:aws:kinesis:eu-central-1:123456789012:channel/c',
    'arn:aws:kinesis:eu-central-1:123456789012:stream/',
    'arn:aws:kinesis:eu-central-1:123456789012:stream/s/',
    'arn:aws:kinesis:eu-central-1:123456789012:stream/s/t',
    'arn:aws:kinesis::123456789012:stream/s',
    'arn:aws:kinesis:EU-CENTRAL-1:123456789012:stream/s',
    'arn:aws:kinesis:eu-central-1::stream/s',
    'arn:aws:kinesis:eu-central-1:12345678901:stream/s',
    'urn:aws:kinesis:eu-central-1:123456789012:stream/s',
    'arn:gcp:kinesis:eu-central-1:123456789012:stream/s',
    'arn:aws-cn:kinesis:eu-central-1:123456789012:stream/s',
    'arn:aws:kinesis:cn-north-1:123456789012:stream/s',
  ];
  for (const arn of wrong) assert.equal(parseStreamArn(arn), undefined, arn);
});

test('a consumer of a second that is written otherwise is none', () => {
  for (const second of ['01700000000', '+1700000000', '1700000000.0', '17e8', '', '9'.repeat(400)]) {
    assert.equal(parseConsumerArn(`${stream}/consumer/c:${second}`), undefined, second);
  }
});
