import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { StartError } from '../../src/env/start-error.ts';
import { aggregated } from '../delivery/record/kpl-records.ts';
import { startTestServer } from '../server/server-under-test.ts';
import { runCommand } from './command-under-test.ts';

const server = await startTestServer();
const client = new KinesisClient(server.clientConfig);
after(async () => {
  client.destroy();
  await server.close();
});
const at = ['--endpoint', server.url];

/** A stream of two shards with ten orders, of which the last two are in one record of the KPL. */
async function orders(name: string): Promise<string> {
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 2 }));
  const order = (index: number) =>
    JSON.stringify({ index, state: index % 3 === 0 ? 'paid' : 'open', customer: { name: `c${index}` } });
  const Records = Array.from({ length: 8 }, (_, index) => ({
    PartitionKey: `key-${index}`,
    Data: new Uint8Array(index % 2 === 0 ? Buffer.from(order(index)) : gzipSync(order(index))),
  }));
  const both = aggregated([
    ['key-8', order(8)],
    ['key-9', gzipSync(order(9))],
  ]);
  Records.push({ PartitionKey: 'a', Data: new Uint8Array(both) });
  await client.send(new PutRecordsCommand({ StreamName: name, Records }));
  return name;
}

const linesOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { [name: string]: unknown; body: { index: number } });

test('a tail shows records of all shards, decoded, as lines of JSON or for people', async () => {
  const stream = await orders('tailed');
  const json = await runCommand(['tail', stream, ...at, '--from', 'TRIM_HORIZON', '--limit', '10']);
  const lines = linesOf(json.out);
  assert.deepEqual(lines.map(({ body }) => body.index).sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const ninth = lines.find(({ body }) => body.index === 9)!;
  assert.deepEqual(
    [ninth['partitionKey'], ninth['subSequence'], ninth['forms']],
    ['key-9', 1, ['kpl', 'gzip', 'json']],
  );
  assert.equal(new Set(lines.map(({ shardId }) => shardId)).size, 2);
  const where = ['--where', 'body.state == "paid" && body.index > 0', '--limit', '2', '--since', '1h'];
  const people = await runCommand(['tail', stream, ...at, ...where], { isTerminal: true });
  assert.match(people.out, /^\S+Z {2}[01](\.1)? {2}key-\d {2}\{"index":[369],"state":"paid".*\}\n/);
  assert.equal(people.out.split('\n').length, 3);
});

test('a tail follows a split, shows what comes, and ends when it is told to', async () => {
  const stream = await orders('split');
  const ending = new AbortController();
  const tailing = runCommand(['tail', stream, ...at, '--from', 'TRIM_HORIZON', '--limit', '12'], {
    signal: ending.signal,
  });
  await client.send(
    new SplitShardCommand({
      StreamName: stream,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: '99',
    }),
  );
  const Records = ['98', '3'].map((key) => ({
    PartitionKey: 'later',
    ExplicitHashKey: key === '98' ? key : '100',
    Data: Buffer.from('{"index":10}'),
  }));
  await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
  const { out, exitCode } = await tailing;
  assert.equal(linesOf(out).filter(({ partitionKey }) => partitionKey === 'later').length, 2);
  assert.equal(exitCode, 0);
  const quiet = runCommand(['tail', stream, ...at], { signal: ending.signal });
  ending.abort();
  assert.deepEqual(await quiet, { exitCode: 130, out: '', progress: '' });
});

test('a query answers rows as a table or as JSON, of what was put in a time', async () => {
  const stream = await orders('asked');
  const grouped = 'SELECT body.state, COUNT(*) AS orders FROM records GROUP BY body.state ORDER BY state';
  const { out } = await runCommand(['query', stream, grouped, ...at]);
  assert.deepEqual(linesOf(out), [
    { state: 'open', orders: 6 },
    { state: 'paid', orders: 4 },
  ]);
  const named = "SELECT key, body.customer.name FROM records WHERE body.index = 9 AND time > '2020-01-01'";
  const table = await runCommand(['query', stream, named, ...at], { isTerminal: true });
  assert.equal(table.out, 'KEY    NAME\nkey-9  c9\n1 row\n');
  const before = await runCommand(['query', stream, named, ...at, '--until', '1h']);
  assert.equal(before.out, '');
  const elsewhere = await runCommand(['query', stream, "SELECT key FROM records WHERE shard = 'x'", ...at]);
  assert.equal(elsewhere.out, '');
});

test('a replay puts what matches into another stream, exactly, each key in order', async () => {
  const stream = await orders('replayed');
  await client.send(new CreateStreamCommand({ StreamName: 'again', ShardCount: 1 }));
  const whole = await runCommand(['replay', stream, '--to', 'again', ...at, '--rate', '1000']);
  assert.deepEqual(linesOf(whole.out), [{ read: 9, put: 9 }]);
  const where = ['--where', 'body.index >= 8'];
  const some = await runCommand(['replay', stream, '--to', 'again', ...at, ...where], { isTerminal: true });
  assert.equal(some.out, '9 records read, 2 put into again\n');
  assert.match(some.progress, /\[[#.]{24}\] \d+ % 9 read, 2 put/);
  const iterator = {
    StreamName: 'again',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(iterator));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  // Those of the KPL were put whole first, and by themselves then, with the bytes that they had.
  assert.deepEqual(
    Records.map(({ PartitionKey }) => PartitionKey)
      .slice(-2)
      .sort(),
    ['key-8', 'key-9'],
  );
  assert.equal(Records.find(({ PartitionKey }) => PartitionKey === 'key-9')!.Data![0], 0x1f);
  assert.equal(Records.length, 11);
});

test('a pattern that would never come to an end does', async () => {
  await client.send(new CreateStreamCommand({ StreamName: 'patterns', ShardCount: 1 }));
  const Records = [{ PartitionKey: 'a', Data: new Uint8Array(Buffer.from(`${'a'.repeat(60)}b`)) }];
  await client.send(new PutRecordsCommand({ StreamName: 'patterns', Records }));
  const where = ['--where', '!text.matches("^(a+)+$")', '--since', '1h', '--limit', '1'];
  assert.equal(linesOf((await runCommand(['tail', 'patterns', ...at, ...where])).out).length, 1);
});

test('what makes no sense is refused in one line, with the place and the name that was meant', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['tail', 'x', '--where', 'bdoy.a == 1', ...at],
      /^--where, at character 1: there is no bdoy \(did you mean body\?\)/,
    ],
    [['tail', 'x', '--since', 'soon'], /^--since must be a time such as/],
    [['tail', 'x', '--since', '1h', '--from', 'LATEST'], /^--from and --since say the same/],
    [['tail', 'x', '--decode', 'jsn'], /^--decode must be one of auto, .*\(did you mean json\?\)$/],
    [['tail', 'x', '--limit', '0'], /^--limit must be a whole number from 1 on/],
    [['tail', 'x/y'], /^'x\/y' is no name of a stream$/],
    [['tail', 'x', '--decode', 'avro', '--schema', '/nowhere', ...at], /^cannot read \/nowhere: /],
    [
      ['query', 'x', 'SELECT kee FROM records', ...at],
      /^the query, at character 8: there is no column kee \(did you mean key\?\)/,
    ],
    [['query', 'x', 'SELECT 1', '--since', 'LATEST'], /^--since LATEST is now/],
    [['replay', 'x'], /^--to says into which stream/],
    [['replay', 'x', '--to', 'nothing', ...at], /^there is no stream nothing at http/],
    [['cost', '--size', '1KB'], /^--size describes a load, which begins with --records$/],
    [['cost', '--records', 'many'], /^--records must be a rate such as 2000\/s/],
    [['cost', '--records', '5', '--size', '11MB'], /^--size must be between 1 byte and 10 MB/],
    [['cost', '--records', '5', '--retention', '1h'], /^--retention must be between 24h and 365d/],
    [['cost', 'x', '--records', '5'], /^--records describes a load: streams/],
  ];
  for (const [args, message] of wrong) {
    await assert.rejects(runCommand(args), (error) => {
      assert.ok(error instanceof StartError, `${args.join(' ')}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
});

test('each command has a help that says what it does, with two examples', async () => {
  for (const command of ['tail', 'query', 'replay', 'cost']) {
    const { out } = await runCommand([command, '--help']);
    assert.match(out, new RegExp(`^Usage: millrace ${command} `));
    assert.equal(out.match(new RegExp(`^ {2}\\$ millrace ${command} `, 'gm'))?.length, 2);
  }
});
