import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sequenceNumberOf } from '../../../../src/kinesis/sequence-number.ts';
import { isIssued } from '../../../../src/services/kinesis/operations/put-record.ts';
import { sampleStream, sampleTime } from '../../../kinesis/sample.ts';

test('a record follows numbers of the past, and none of the future, whatever shards its stream has', () => {
  const stream = sampleStream(10_000);
  const now = sampleTime + 5000;
  const numberAt = (arrival: number) => sequenceNumberOf(stream.shards[7]!, 0, arrival);
  assert.ok(isIssued(undefined, stream, now));
  assert.ok(isIssued(numberAt(now), stream, now));
  assert.ok(!isIssued(numberAt(now + 1000), stream, now));
});

test('a number of a shard that was made under a clock since set back may be followed', () => {
  const { shards, ...stream } = sampleStream(2);
  const [first, last] = shards;
  const ahead = { ...last!, createdAt: sampleTime + 60_000 };
  const number = sequenceNumberOf(ahead, 0, sampleTime);
  assert.ok(isIssued(number, { ...stream, shards: [first!, ahead] }, sampleTime));
  assert.ok(!isIssued(number, { ...stream, shards: [first!] }, sampleTime));
});
