import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heavyBodies } from '../../../bench/heavy-bodies.ts';
import { Harness } from './harness.ts';

test('requests of 10 MiB are answered right, however odd they are', async () => {
  await using harness = await Harness.start({ limits: 'none' });
  await harness.createStream('bench');
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/bench';
  await harness.call('UpdateMaxRecordSize', { StreamARN: arn, MaxRecordSizeInKiB: 10_240 });
  for (const { name, operation, contentType, body, answer } of heavyBodies('bench')) {
    const response = await harness.post(operation, body, contentType);
    assert.equal(response.status === 200, answer === undefined, name);
    if (answer !== undefined) assert.ok(response.body.includes(answer), name);
  }
});

test('a large request gives way to others before it is read', async () => {
  await using harness = await Harness.start();
  const large = harness.post('ListStreams', `{"a":"${'x'.repeat(3_000_000)}"}`);
  const small = harness.post('ListStreams', '{}');
  const first = await Promise.race([large.then(() => 'large'), small.then(() => 'small')]);
  assert.equal(first, 'small');
  assert.equal((await large).status, 200);
});
