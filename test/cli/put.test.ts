import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { callsOf } from '../../src/cli/online-calls.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { temporaryDirectory } from '../server/process.ts';
import { startTestServer, type TestServer } from '../server/server-under-test.ts';
import { runCommand } from './command-under-test.ts';

type Put = readonly [key: string, data: string];

/** What a stream of one shard got from a command. */
async function putBy(server: TestServer, args: readonly string[], input = ''): Promise<Put[]> {
  const name = `s${Math.random()}`;
  const at = ['--endpoint', server.url];
  await runCommand(['stream', 'create', name, ...at]);
  await runCommand(['put', name, ...args, ...at], { input });
  const client = new KinesisClient(server.clientConfig);
  const from = {
    StreamName: name,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ PartitionKey = '', Data = [] }) => [
    PartitionKey,
    String(Buffer.from(Data as Uint8Array)),
  ]);
}

test('lines, values of JSON, lists and rows of CSV are records, with keys by an expression', async () => {
  await using server = await startTestServer();
  using directory = temporaryDirectory();
  const file = (name: string, text: string) => {
    writeFileSync(join(directory.path, name), text);
    return join(directory.path, name);
  };
  const lines = await putBy(server, ['--key', 'text'], 'one\r\n\ntwo');
  assert.deepEqual(lines, [
    ['one', 'one'],
    ['two', 'two'],
  ]);
  const json = file('a.json', ' {"a": "x, ]\\""}\n{"a":2} [3]');
  const keyed = ['--key', 'type(body) == map ? string(body.a) : "list"'];
  assert.deepEqual(await putBy(server, [json, ...keyed]), [
    ['x, ]"', '{"a": "x, ]\\""}'],
    ['2', '{"a":2}'],
    ['list', '[3]'],
  ]);
  const list = file('b.json', '[{"a": {"b": [1, 2]}},\n 5, "x"]');
  const bodies = (await putBy(server, [list])).map(([, data]) => data);
  assert.deepEqual(bodies, ['{"a": {"b": [1, 2]}}', '5', '"x"']);
  const csv = file('c.csv', 'origin,delay,note\r\nSFO,12,"a ""b"",\nc"\r\n007,1e5,\r\n');
  assert.deepEqual(await putBy(server, [csv, '--key', 'string(body.origin)']), [
    ['SFO', '{"origin":"SFO","delay":12,"note":"a \\"b\\",\\nc"}'],
    ['007', '{"origin":"007","delay":"1e5","note":""}'],
  ]);
  const kept = '{"partitionKey":"k","data":"aGk="}\n{"partitionKey":"l","body":{"a":1}}\n';
  assert.deepEqual(await putBy(server, ['--as', 'records'], kept), [
    ['k', 'hi'],
    ['l', '{"a":1}'],
  ]);
});

test('what cannot be put is said in one line', async () => {
  await using server = await startTestServer();
  const refused = (args: readonly string[], input: string, message: RegExp) =>
    assert.rejects(putBy(server, args, input), { message });
  await refused(['--key', 'body.'], 'x', /^--key body\.: /);
  await refused(['--key', 'body.a'], '{"a":{}}', /^--key body\.a is no text, and no number, for record 0/);
  await refused(['--as', 'json'], '{"a":1} oops', /^stdin has what is no JSON: oops$/);
  await refused(['--as', 'csv'], 'a,b\n1\n', /^row 2 of stdin has 1 cells, and the first 2$/);
  await refused(['/nowhere/x'], '', /^cannot read \/nowhere\/x: ENOENT/);
  await refused(['--rate', 'much'], '', /^--rate must be records a second/);
});

test('what a limit refuses is put again until it is taken', async () => {
  await using server = await startTestServer({ limits: 'none' });
  const at = ['--endpoint', server.url];
  await runCommand(['stream', 'create', 'slow', ...at]);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const online = { endpoint: server.url, region: 'us-east-1', ca: undefined, credentials };
  const limits = { StreamName: 'slow', Limits: { WriteRecordsPerSecond: 400 } };
  await callsOf(online, createHttpClient(), nodeClock).millrace('PutStreamLimits', limits);
  // More at once than are allowed in a second.
  const input = Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join('');
  const { out } = await runCommand(['put', 'slow', '--in-order', ...at], { input });
  const { Records: records, Retries: retries, Shards: shards } = JSON.parse(out);
  assert.equal(records, 500);
  assert.ok(retries > 0);
  assert.deepEqual(shards, { 'shardId-000000000000': 500 });
});
