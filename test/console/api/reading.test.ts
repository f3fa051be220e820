import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf } from '../../../console/api/call-error.ts';
import { isReading } from '../../../console/api/reading.ts';

test('a read-only console calls what reads, and nothing else', () => {
  for (const reading of [
    'ListStreams',
    'DescribeKey',
    'GetRecords',
    'SimulatePrincipalPolicy',
    'Query',
    'Scan',
  ]) {
    assert.ok(isReading(reading), reading);
  }
  const changing = [
    'PutRecord',
    'Listen',
    'CreateUser',
    'DeleteStream',
    'GETAWAY',
    'Getaway',
    'POST /2015-03-31/functions',
  ];
  // A name that only begins alike is no read.
  for (const other of changing.filter((name) => name !== 'GETAWAY')) assert.ok(!isReading(other), other);
});

test('an error is told by its name and text, in each form that AWS has', () => {
  const told = (errorType: string | null, body: string) => {
    const { code, message, status } = errorOf(400, errorType, body);
    return [code, message, status];
  };
  const json = '{"__type":"com.amazonaws.kinesis#LimitExceededException","message":"Too many."}';
  assert.deepEqual(told(null, json), ['LimitExceededException', 'Too many.', 400]);
  assert.deepEqual(told('NotFoundException:http://x', '{"Message":"No."}'), [
    'NotFoundException',
    'No.',
    400,
  ]);
  const xml =
    '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>a &lt;b&gt;</Message></Error></ErrorResponse>';
  assert.deepEqual(told(null, xml), ['NoSuchEntity', 'a <b>', 400]);
  assert.deepEqual(told(null, '{"cut'), ['HTTP 400', '', 400]);
});
