import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeWorkers } from '../../../src/env/node-workers.ts';
import { canSharePorts } from '../../../src/http/shared-port.ts';
import { BodyThread } from '../../../src/rpc/body-thread.ts';
import { startServer } from '../../../src/server/server.ts';
import { bodyProgram } from '../../../src/server/workers/body-thread.ts';
import { putRecord } from '../../../src/services/kinesis/operations/put-record.ts';
import { cbor } from '../../../src/wire/cbor/cbor.ts';
import { json } from '../../../src/wire/json/json.ts';
import { callOf } from '../../rpc/kinesis-call.ts';
import { peer } from '../../rpc/toy.ts';
import { authorization } from '../../services/kinesis/harness.ts';

const skip = (await canSharePorts()) ? false : 'this system does not spread the connections of a port';

test('a thread hashes and reads bodies, whose memory it is handed', async () => {
  await using bodies = new BodyThread(bodyProgram, nodeWorkers, nodeClock);
  const text = '{"StreamName":"s"}'.padEnd(3_000_000);
  const sent = Buffer.from(text);
  const { body, sha256 } = await bodies.hash(sent);
  assert.equal(sent.length, 0);
  assert.equal(sha256, hash('sha256', text));
  const { input } = await bodies.read(body, callOf('ListShards'));
  assert.deepEqual(input, { StreamName: 's' });
});

test('a thread that ends by an error is started again', async () => {
  await using bodies = new BodyThread(bodyProgram, nodeWorkers, nodeClock);
  const unknown = { ...callOf('ListShards'), called: { operation: 'NoSuchOperation' } };
  const [bad, after] = [Buffer.alloc(3_000_000), Buffer.alloc(3_000_000)].map((body, nth) =>
    nth === 0 ? bodies.read(body, unknown) : bodies.hash(body),
  );
  await assert.rejects(bad!, /the thread that reads large bodies ended/);
  await assert.rejects(after!, /the thread that reads large bodies ended/);
  assert.equal((await bodies.hash(Buffer.alloc(3_000_000))).body.length, 3_000_000);
});

test('a server answers puts of 10 MiB that a thread has read, and knows its records afterwards', async () => {
  await using server = await startServer({ memory: true, port: 0, limits: 'none', transitionDelay: 0 });
  const post = async (operation: string, body: Buffer, contentType = json.contentType) => {
    const target = `Kinesis_20131202.${operation}`;
    const headers = ['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorization];
    const rawHeaders = [...headers, 'X-Amz-Target', target, 'Content-Type', contentType];
    const answer = await server.handle({ method: 'POST', target: '/', rawHeaders, body, peer });
    const parts = Array.isArray(answer.body) ? answer.body : [Buffer.from(answer.body as Buffer)];
    return { status: answer.status, body: Buffer.concat(parts) };
  };
  const call = async (operation: string, input: object) => {
    const { status, body } = await post(operation, Buffer.from(JSON.stringify(input)));
    assert.equal(status, 200, String(body));
    return body.length === 0 ? undefined : JSON.parse(String(body));
  };
  await call('CreateStream', { StreamName: 'heavy', ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
  const summary = () => call('DescribeStreamSummary', { StreamName: 'heavy' });
  while ((await summary()).StreamDescriptionSummary.StreamStatus !== 'ACTIVE') await nodeClock.sleep(5);

  const data = (nth: number) => Buffer.alloc(20 * 1024, nth).toString('base64');
  const entries = Array.from({ length: 500 }, (_, nth) => ({ PartitionKey: `é${nth}`, Data: data(nth) }));
  const stored = await call('PutRecords', { StreamName: 'heavy', Records: entries });
  assert.equal(stored.FailedRecordCount, 0);
  const large = { StreamName: 'heavy', PartitionKey: 'k', Data: Buffer.alloc(5_000_000, 'x') };
  const inCbor = await post('PutRecord', cbor.encode(large, putRecord.input), cbor.contentType);
  assert.equal(inCbor.status, 200);
  const malformed = await post('PutRecord', Buffer.alloc(5_000_000, '['));
  assert.match(String(malformed.body), /SerializationException/);

  const from = { StreamName: 'heavy', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await call('GetShardIterator', from);
  const { Records, NextShardIterator } = await call('GetRecords', { ShardIterator, Limit: 500 });
  const read: readonly Record<'PartitionKey' | 'Data', string>[] = Records;
  const views = read.map(({ PartitionKey, Data }) => ({ PartitionKey, Data }));
  assert.ok(isDeepStrictEqual(views, entries));
  const { Records: rest } = await call('GetRecords', { ShardIterator: NextShardIterator });
  assert.equal(rest.length, 1);
  assert.ok(Buffer.from(rest[0].Data, 'base64').equals(large.Data));
});

test('workers have large bodies read, those of calls that the owner answers, too', { skip }, async () => {
  await using server = await startServer({ memory: true, port: 0, workers: 2, limits: 'none' });
  const post = async (operation: string, body: string) => {
    const headers = {
      'X-Amz-Date': '20231114T221320Z',
      'X-Amz-Target': `Kinesis_20131202.${operation}`,
      'Content-Type': json.contentType,
      Authorization: authorization,
    };
    const answer = await fetch(server.url, { method: 'POST', headers, body });
    return { status: answer.status, body: await answer.text() };
  };
  const listed = await post('ListStreams', '{}'.padEnd(3_000_000));
  assert.equal(listed.status, 200, listed.body);
  assert.deepEqual(JSON.parse(listed.body).StreamNames, []);
  const malformed = await post('PutRecord', '['.repeat(3_000_000));
  assert.match(malformed.body, /SerializationException/);
  const put = { StreamName: 's', PartitionKey: 'k', Data: 'AAAA'.repeat(600_000) };
  assert.match((await post('PutRecord', JSON.stringify(put))).body, /ResourceNotFoundException/);
});
