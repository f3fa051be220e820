import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatStreamArn, parseStreamArn } from '../../src/kinesis/arn.ts';

const address = { account: '123456789012', region: 'eu-central-1', name: 'orders_v2.-x' };

test('the ARN of a stream names region, account and stream', () => {
  assert.equal(formatStreamArn(address), 'arn:aws:kinesis:eu-central-1:123456789012:stream/orders_v2.-x');
});

test('an ARN is taken apart as it was put together', () => {
  assert.deepEqual(parseStreamArn(formatStreamArn(address)), address);
});

test('the partition may be any of AWS', () => {
  const chinese = 'arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s';
  assert.deepEqual(parseStreamArn(chinese), { account: '123456789012', region: 'cn-north-1', name: 's' });
});

test("a consumer's ARN names its stream", () => {
  assert.deepEqual(parseStreamArn(`${formatStreamArn(address)}/consumer/c:1`), address);
});

test('what is no ARN of a stream is refused', () => {
  const wrong = [
    '',
    'orders',
    'arn:aws:s3:::bucket',
    'arn:aws:sqs:eu-central-1:123456789012:stream/s',
    'arn:aws:kinesis:eu-central-1:123456789012:channel/c',
    'arn:aws:kinesis:eu-central-1:123456789012:stream/',
    'arn:aws:kinesis::123456789012:stream/s',
    'arn:aws:kinesis:eu-central-1::stream/s',
    'urn:aws:kinesis:eu-central-1:123456789012:stream/s',
    'arn:gcp:kinesis:eu-central-1:123456789012:stream/s',
  ];
  for (const arn of wrong) assert.equal(parseStreamArn(arn), undefined, arn);
});
