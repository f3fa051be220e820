import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DescribeLimitsCommand, DescribeStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import { HeaderFields } from '../../../src/http/headers.ts';
import { json10Protocol } from '../../../src/wire/json/json10-protocol.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { structure } from '../../../src/wire/shape.ts';
import { OfficialClient } from '../official-client.ts';

const protocol = json10Protocol('Kinesis_20131202', 'com.amazonaws.kinesis.v20131202');
const exchange = new OfficialClient(
  protocol,
  new AwsJson1_0Protocol({
    defaultNamespace: 'com.amazonaws.kinesis',
    serviceTarget: 'Kinesis_20131202',
    errorTypeRegistries: [],
  }),
);
const { client } = exchange;
after(() => client.destroy());

test('requests of the official client are read, and it reads our answers', async () => {
  const answer = { ShardId: 'shardId-000000000000', SequenceNumber: '5' };
  exchange.answer = answer;
  const input = { StreamName: 's', PartitionKey: 'é', Data: Buffer.of(0, 255) };
  const { $metadata: _, ...output } = await client.send(new PutRecordCommand(input));
  assert.deepEqual(exchange.input, input);
  assert.deepEqual(output, answer);
});

test('an operation without input may come without a body', async () => {
  exchange.answer = { ShardLimit: 1, OpenShardCount: 0, OnDemandStreamCount: 0, OnDemandStreamCountLimit: 1 };
  await client.send(new DescribeLimitsCommand({}));
  assert.deepEqual(exchange.input, {});
  assert.equal(misform('', 'Kinesis_20131202.DescribeLimits', true), undefined);
  assert.deepEqual(protocol.codec.decode(Buffer.alloc(0), structure('Nothing', {})), {});
});

function misform(body: string, target: string, isKnown: boolean): ServiceError | undefined {
  const rawHeaders = ['X-Amz-Target', target, 'Content-Type', 'application/x-amz-json-1.0'];
  const peer = { address: '127.0.0.1', secure: false, listener: 'localhost:1' };
  const request = { method: 'POST', target: '/', rawHeaders, body: Buffer.from(body), peer };
  const operation = isKnown ? { name: 'DescribeLimits', output: undefined } : undefined;
  return protocol.misformOf(request, new HeaderFields(rawHeaders), operation);
}

test('the official client reads our errors', async () => {
  exchange.answer = new ServiceError('ResourceNotFoundException', 'gone');
  const call = client.send(new DescribeStreamCommand({ StreamName: 's' }));
  await assert.rejects(call, { name: 'ResourceNotFoundException', message: 'gone' });
});

const errors: [type: string, message: string, body: string][] = [
  [
    'ResourceNotFoundException',
    'gone',
    '{"__type":"com.amazonaws.kinesis.v20131202#ResourceNotFoundException","message":"gone"}',
  ],
  ['ValidationException', 'no', '{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}'],
  [
    'UnrecognizedClientException',
    'who',
    '{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"who"}',
  ],
  [
    'SerializationException',
    'what',
    '{"__type":"com.amazon.coral.service#SerializationException","Message":"what"}',
  ],
  ['SerializationException', '', '{"__type":"com.amazon.coral.service#SerializationException"}'],
];

for (const [type, message, body] of errors) {
  test(`the type of a ${type} ${message === '' ? 'without a message ' : ''}is absolute`, () => {
    const refused = protocol.refuse(new ServiceError(type, message), 'id');
    assert.equal(String(refused.body), body);
    assert.deepEqual(refused.headers, { 'Content-Type': 'application/x-amz-json-1.0' });
  });
}

test('a call of nothing with a body that is no JSON is malformed', () => {
  assert.equal(misform('{}', 'Kinesis_20131202.Nothing', false), undefined);
  assert.equal(misform('{', 'Kinesis_20131202.Nothing', false)?.type, 'SerializationException');
});
