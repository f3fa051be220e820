import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { type BodyJob, workOn } from '../../src/rpc/large-body.ts';
import { readableServices } from '../../src/server/served.ts';

function read(operation: string, body: Buffer) {
  return workOn(
    { kind: 'read', body, service: 'kinesis', protocol: 'awsJson1_1', called: { operation } },
    readableServices,
  );
}

test('a body comes back with its hash', async () => {
  const body = Buffer.alloc(3_000_000, 'x');
  const job: BodyJob = { kind: 'hash', body };
  const { answer, handedOver } = await workOn(job, readableServices);
  assert.equal(answer.kind === 'hashed' && answer.sha256, hash('sha256', body));
  assert.deepEqual(answer.kind === 'hashed' && Buffer.from(answer.body), body);
  assert.deepEqual(handedOver, [body.buffer]);
});

test('what a body says is answered, and its memory given back', async () => {
  const body = Buffer.alloc(3_000_000, ' ');
  body.write('{"StreamName":"s"}');
  const { answer } = await read('ListShards', body);
  assert.deepEqual(answer, { kind: 'read', input: { StreamName: 's' }, memory: [] });
  assert.equal(body.length, 0);
});

test('a body that is not valid is refused in the words of AWS, and its memory given back', async () => {
  const malformed = Buffer.alloc(3_000_000, '[');
  assert.deepEqual((await read('ListShards', malformed)).answer, {
    kind: 'refused',
    type: 'SerializationException',
    message: '',
    status: 400,
  });
  assert.equal(malformed.length, 0);

  const invalid = Buffer.from(`{"StreamName":"s","PartitionKey":"${'k'.repeat(3_000_000)}","Data":""}`);
  const { answer } = await read('PutRecord', invalid);
  assert.ok(answer.kind === 'refused' && answer.type === 'ValidationException');
  assert.match(
    answer.message,
    /at 'partitionKey' failed to satisfy constraint: Member must have length less/,
  );
});
