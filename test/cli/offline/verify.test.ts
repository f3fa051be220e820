import assert from 'node:assert/strict';
import { cpSync, globSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32 } from 'node:zlib';
import * as sdk from '@aws-sdk/client-kinesis';
import { runOffline } from '../../../src/cli/offline/offline.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { startServer } from '../../../src/server/server.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';

const quiet = { port: 0, logLevel: 'silent', transitionDelay: 0, limits: 'none' } as const;

/**
 * A directory with a stream `orders` of two shards, ten records in each, and a stream `idle` without any;
 * closed.
 */
const original = temporaryDirectory();
after(() => original[Symbol.dispose]());
await fill(join(original.path, 'data'));

test('a directory that was closed is clean: 0, with what was counted, and nothing in it is changed', async () => {
  using copy = copied();
  const before = contentsOf(copy.data);
  const { text, exitCode } = await look(copy.data);
  assert.equal(exitCode, 0);
  assert.match(text, /^control plane: 1 segments, \d+ frames, \d+ records, [\d,]+ bytes$/m);
  assert.match(
    text,
    /^stream orders \(000000000000, us-east-1, streams\/1\): 1 segments, \d+ frames, 20 records/m,
  );
  assert.match(text, /^stream idle \(.*\): 0 segments, 0 frames, 0 records, 0 bytes$/m);
  assert.ok(text.endsWith(`${copy.data} is clean.\n`));
  assert.deepEqual(contentsOf(copy.data), before);
});

test('the torn end of a log is clean, and said', async () => {
  using copy = copied();
  cutFooter(copy.segment, 30);
  const { text, exitCode } = await look(copy.data);
  assert.equal(exitCode, 0);
  assert.match(
    text,
    /^ {2}torn: streams\/1\/000000000001\.log, byte \d+: \d+ bytes of a round that was never/m,
  );
});

test('damage is 1, with the file, the byte and the sequence numbers, also for machines', async () => {
  using copy = copied();
  flip(copy.segment, 'order 3');
  const { text, exitCode } = await look(copy.data);
  assert.equal(exitCode, 1);
  assert.match(text, /^ {2}damage: streams\/1\/000000000001\.log, byte \d+: records \d+ to \d+ of shard 0/m);
  assert.match(
    text,
    /^ {2}lost: records \d+ to \d+ of shardId-000000000000, sequence numbers from \d{56} to below \d{56}$/m,
  );
  const report = JSON.parse((await look(copy.data, { json: true })).text);
  assert.equal(report.result, 'damaged');
  assert.equal(report.streams[0].name, 'orders');
  assert.equal(report.streams[0].findings[0].path, 'streams/1/000000000001.log');
  assert.deepEqual(Object.keys(report.streams[0].lost[0]), ['shard', 'first', 'last', 'from', 'below']);
});

test('a catalog that is damaged, a directory of no stream and a log without its last records are damage', async () => {
  const damages: [(data: string) => void, RegExp][] = [
    [
      (data) => flip(join(data, 'catalog/catalog/000000000001.log'), 'stream-created'),
      /damage: catalog\/catalog\//,
    ],
    [
      (data) => cpSync(join(data, 'streams/1'), join(data, 'streams/77'), { recursive: true }),
      /damage: streams\/77, byte 0: the catalog does not name a stream/,
    ],
    [
      (data) => writeFileSync(segmentOf(data), readFileSync(segmentOf(data)).subarray(0, 100)),
      /damage: streams\/1\/000000000001\.log, byte 0: the segment’s header cannot be read/,
    ],
  ];
  for (const [damage, expected] of damages) {
    using copy = copied();
    damage(copy.data);
    const { text, exitCode } = await look(copy.data);
    assert.equal(exitCode, 1);
    assert.match(text, expected);
  }
});

test('what a newer Millrace wrote is neither checked nor copied, whether it is the catalog or a stream', async () => {
  for (const log of ['catalog/catalog', 'streams/1']) {
    using copy = copied();
    const path = join(copy.data, log, '000000000001.log');
    const bytes = readFileSync(path);
    bytes.writeUInt16BE(3, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 124)), 124);
    writeFileSync(path, bytes);
    const to = join(copy.path, 'new');
    const message = `${log}/000000000001.log was written by a newer Millrace.`;
    for (const request of [{}, { to }])
      await assert.rejects(look(copy.data, request), { name: 'NewerFormatError', message });
    assert.deepEqual(contentsOf(to), {});
  }
});

test('what is not Millrace’s is noted, and a deleted stream that is still there is clean', async () => {
  using copy = copied();
  writeFileSync(join(copy.data, 'streams/notes.txt'), 'mine');
  cpSync(join(copy.data, 'streams/1'), join(copy.data, 'streams/9.dropped'), { recursive: true });
  const { text, exitCode } = await look(copy.data);
  assert.equal(exitCode, 0);
  assert.match(text, /note: streams\/notes\.txt/);
  assert.match(text, /torn: streams\/9\.dropped, byte 0: a deleted stream/);
});

test('the command refuses with 2 and one line: a directory in use, one that is none, a copy to where something is', async () => {
  using copy = copied();
  await using server = new MillraceProcess(['--data', copy.data, '--port', '0']);
  await server.ready();
  const refused: [string[], RegExp][] = [
    [['verify', copy.data], /^millrace: the data directory .* is in use by a server; stop it first\n$/],
    [['verify', original.path], /^millrace: .* is not a data directory/],
    [
      ['repair', join(original.path, 'data'), '--to', copy.data],
      /^millrace: --to must name a new or an empty/,
    ],
    [['repair', copy.data], /^millrace: required option '--to <directory>' not specified\n$/],
    [['verify'], /^millrace: missing required argument 'directory'\n$/],
  ];
  for (const [args, line] of refused) {
    const { code, stdout, stderr } = await MillraceProcess.run(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, line);
  }
});

test('the command says what it finds, its exit code too, and explains itself', async () => {
  using copy = copied();
  const clean = await MillraceProcess.run(['verify', copy.data]);
  assert.deepEqual([clean.code, clean.stderr], [0, '']);
  flip(copy.segment, 'order 3');
  assert.equal((await MillraceProcess.run(['verify', copy.data])).code, 1);
  assert.match((await MillraceProcess.run(['verify', '--help'])).stdout, /Exit code: 0 clean/);
  assert.match((await MillraceProcess.run(['repair', '--help'])).stdout, /--to <directory>/);
});

test('a copy of a sound directory is the same, but for the lock and the notes of where logs ended', async () => {
  using copy = copied();
  const to = join(copy.path, 'new');
  const { text, exitCode } = await look(copy.data, { to });
  assert.equal(exitCode, 0);
  assert.ok(text.endsWith(`Copied to ${to}. It holds every record.\n`));
  const logs = Object.entries(contentsOf(copy.data)).filter(([path]) => !/^lock$|_ends$/.test(path));
  assert.deepEqual(contentsOf(to), Object.fromEntries(logs));
});

test('a copy of a directory whose root key is elsewhere says that it takes the same', async () => {
  using copy = copied();
  unlinkSync(join(copy.data, 'root-key'));
  const { text } = await look(copy.data, { to: join(copy.path, 'new') });
  assert.match(text, /It holds every record\.\nIt takes the same --root-key as the old one/);
});

test('a shard that lost records ends before them in the copy, another goes on in its place, and no sequence number comes twice', async () => {
  using copy = copied();
  flip(copy.segment, 'order 3');
  const before = contentsOf(copy.data);
  const to = join(copy.path, 'new');
  const { text } = await look(copy.data, { to });
  assert.match(
    text,
    /Not in it:\n {2}orders: records 3 to 9 of shardId-000000000000, sequence numbers from \d/,
  );
  assert.deepEqual(contentsOf(copy.data), before);
  assert.equal((await look(to)).exitCode, 0);

  await using server = await startServer({ ...quiet, data: to });
  using client = clientOf(server.url);
  const { Shards } = await client.send(new sdk.ListShardsCommand({ StreamName: 'orders' }));
  assert.deepEqual(
    Shards?.map((shard) => [
      shard.ShardId,
      shard.ParentShardId,
      shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
    ]),
    [
      ['shardId-000000000000', undefined, false],
      ['shardId-000000000001', undefined, true],
      ['shardId-000000000002', 'shardId-000000000000', true],
    ],
  );
  assert.deepEqual(await read(client, 'shardId-000000000000'), orders(0, 3));
  assert.deepEqual(await read(client, 'shardId-000000000001'), orders(0, 10));
  const put = await client.send(
    new sdk.PutRecordCommand({
      StreamName: 'orders',
      PartitionKey: 'a',
      ExplicitHashKey: '0',
      Data: Buffer.from('new'),
    }),
  );
  assert.equal(put.ShardId, 'shardId-000000000002');
  assert.deepEqual(await read(client, 'shardId-000000000002'), ['new']);
});

test('a copy of a directory whose catalog lost its last edits serves the streams that are still known', async () => {
  using copy = copied();
  flip(join(copy.data, 'catalog/catalog/000000000001.log'), 'idle');
  const to = join(copy.path, 'new');
  const { text } = await look(copy.data, { to });
  assert.match(
    text,
    /The control plane is as it was before its last edits, of which at least \d+ cannot be used\./,
  );
  assert.equal((await look(to)).exitCode, 0);
  await using server = await startServer({ ...quiet, data: to });
  using client = clientOf(server.url);
  const { StreamNames } = await client.send(new sdk.ListStreamsCommand());
  assert.deepEqual(StreamNames, ['orders']);
  assert.deepEqual(await read(client, 'shardId-000000000001'), orders(0, 10));
});

function look(directory: string, { json = false, to }: { json?: boolean; to?: string } = {}) {
  return runOffline({ directory, json, to }, (data) => ({
    clock: nodeClock,
    disk: nodeDisk(data),
    random: nodeRandom(),
    logger: silentLogger,
    panic: (reason) => assert.fail(reason),
  }));
}

async function fill(data: string): Promise<void> {
  await using server = await startServer({ ...quiet, data });
  using client = clientOf(server.url);
  for (const [StreamName, ShardCount] of [
    ['orders', 2],
    ['idle', 1],
  ] as const) {
    await client.send(new sdk.CreateStreamCommand({ StreamName, ShardCount }));
    await sdk.waitUntilStreamExists(
      { client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 },
      { StreamName },
    );
  }
  for (const text of orders(0, 10)) {
    for (const ExplicitHashKey of ['0', String(2n ** 127n)]) {
      const record = { PartitionKey: 'a', ExplicitHashKey, Data: Buffer.from(text) };
      await client.send(new sdk.PutRecordCommand({ StreamName: 'orders', ...record }));
    }
  }
}

function clientOf(endpoint: string): sdk.KinesisClient & Disposable {
  const credentials = { accessKeyId: 'anybody', secretAccessKey: 'anything' };
  const client = new sdk.KinesisClient({ endpoint, region: 'us-east-1', credentials });
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}

function orders(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => `order ${first + index}`);
}

async function read(client: sdk.KinesisClient, ShardId: string): Promise<string[]> {
  const position = { StreamName: 'orders', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new sdk.GetShardIteratorCommand(position));
  const { Records } = await client.send(new sdk.GetRecordsCommand({ ShardIterator }));
  return Records!.map(({ Data }) => Buffer.from(Data!).toString());
}

function copied() {
  const directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  cpSync(join(original.path, 'data'), data, { recursive: true });
  return {
    path: directory.path,
    data,
    segment: segmentOf(data),
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

function segmentOf(data: string): string {
  return join(data, 'streams/1/000000000001.log');
}

/** Flips a bit of a text in a file. */
function flip(path: string, text: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  assert.ok(at > 0);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

/** As if the process had ended in its last write. */
function cutFooter(path: string, bytes: number): void {
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - bytes));
}

/** The bytes of all files, by path. */
function contentsOf(directory: string): Record<string, string> {
  const files = globSync('**', { cwd: directory }).filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(directory, path), 'hex')]));
}
