import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { ask, tailOf } from './tail-reader.ts';

/** A server with a stream of some shards. */
async function started(shards = 1, options = {}): Promise<Harness> {
  const server = await Harness.start(options);
  await server.createStream('orders', shards);
  return server;
}

async function put(server: Harness, text: string, PartitionKey = text): Promise<void> {
  const Data = Buffer.from(text).toString('base64');
  await server.call('PutRecord', { StreamName: 'orders', PartitionKey, Data });
}

test('a tail sends what is put after it began, with where it is, and no record of before', async () => {
  await using server = await started();
  await put(server, 'before');
  const tail = (await tailOf(server, '/streams/orders/tail')).follow();
  await server.settled();
  await put(server, 'after', 'key "1"');
  await server.clock.advance(100);
  assert.equal(tail.events[0]?.event, 'status');
  const [record] = tail.named('record');
  assert.deepEqual(
    { ...record, sequenceNumber: '' },
    {
      shardId: 'shardId-000000000000',
      sequenceNumber: '',
      partitionKey: 'key "1"',
      arrival: record?.arrival,
      data: Buffer.from('after').toString('base64'),
    },
  );
  assert.match(String(record?.sequenceNumber), /^\d{56}$/);
  assert.deepEqual(tail.texts, ['after']);
  await tail.leave();
});

test('an open server needs no signature for a tail, and takes the region from the query', async () => {
  await using server = await started();
  const unsigned: string[] = [];
  const tail = (await tailOf(server, '/streams/orders/tail?from=TRIM_HORIZON', unsigned)).follow();
  await put(server, 'seen');
  await server.clock.advance(100);
  assert.deepEqual(tail.texts, ['seen']);
  const { status, body } = await ask(server, '/streams/orders/tail?region=eu-west-1', unsigned);
  assert.equal(status, 400);
  assert.match(String(body), /Stream orders under account 000000000000 not found/);
  await tail.leave();
});
