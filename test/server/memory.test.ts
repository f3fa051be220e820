import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeStart, startedProgram } from '../../harness/start-script.ts';
import { MillraceProcess, temporaryDirectory } from './process.ts';

const records = 40_000;
const batch = 500;
/** As `npm start` has them. */
const node = [...nodeStart.flags];
const skip = !existsSync('/proc/self/status') && 'the peak of a process is read from Linux';

for (const workers of [0, 2]) {
  test(`${records} records of 1 KiB, put and read back, take no more memory with ${workers} workers than is documented`, {
    skip,
  }, async () => {
    using directory = temporaryDirectory();
    const flags = ['--port', '0', '--limits', 'none', '--transition-delay', '0', '--log-level', 'warn'];
    const args = ['--data', directory.path, '--workers', String(workers), ...flags];
    await using server = new MillraceProcess(args, { node });
    const url = await server.ready();
    await fill(url);
    assert.equal(await readBack(url), records);
    const peak = memoryMiB(server.child.pid!, 'VmHWM');
    const most = documentedMiB(workers);
    assert.ok(peak <= most, `${peak} MiB, and docs/operating.md says at most ${most}`);
  });
}

/** Has Node say that there are so many cores. */
function withCores(count: number): string {
  const program =
    "import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';" +
    `os.availableParallelism = () => ${count}; syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(program)}`;
}

for (const cores of [1, 64]) {
  test(`a server at rest has one thread for requests and at most 120 MiB in memory: ${cores} cores`, {
    skip,
  }, async () => {
    // The first one compiles, and leaves at its end what the next one finds compiled.
    for (const isWarm of [false, true]) {
      using directory = temporaryDirectory();
      await using server = new MillraceProcess(['--data', directory.path, '--port', '0'], {
        node: [...node, withCores(cores)],
        program: startedProgram,
        env: { ...nodeStart.env, NODE_COMPILE_CACHE: '' },
      });
      const url = await server.ready();
      assert.equal((await fetch(`${url}/health`)).status, 200);
      if (!isWarm) {
        server.kill('SIGTERM');
        await server.ended;
        continue;
      }
      const resident = memoryMiB(server.child.pid!, 'VmRSS');
      assert.ok(resident <= 120, `${resident} MiB`);
    }
  });
}

async function fill(url: string): Promise<void> {
  await call(url, 'CreateStream', { StreamName: 'a', ShardCount: 4 });
  for (;;) {
    const summary = await call(url, 'DescribeStreamSummary', { StreamName: 'a' });
    if (summary.includes('"ACTIVE"')) break;
  }
  const Data = Buffer.alloc(1024, 7).toString('base64');
  const Records = Array.from({ length: batch }, (_, key) => ({ Data, PartitionKey: `${key}` }));
  const writers = Array.from({ length: 4 }, async () => {
    for (let put = 0; put < records; put += 4 * batch) {
      const answer = await call(url, 'PutRecords', { StreamName: 'a', Records });
      assert.match(answer, /"FailedRecordCount":0/);
    }
  });
  await Promise.all(writers);
}

/** Reads all shards to their ends; answers how many records there were. */
async function readBack(url: string): Promise<number> {
  let count = 0;
  for (const shard of [0, 1, 2, 3]) {
    const ShardId = `shardId-00000000000${shard}`;
    const start = { StreamName: 'a', ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let page = await call(url, 'GetShardIterator', start);
    for (;;) {
      const ShardIterator = /"(?:Next)?ShardIterator":"([^"]+)"/.exec(page)![1];
      page = await call(url, 'GetRecords', { ShardIterator });
      const found = page.split('"PartitionKey"').length - 1;
      if (found === 0) break;
      count += found;
    }
  }
  return count;
}

async function call(url: string, operation: string, input: object): Promise<string> {
  const headers = { ...signed, 'x-amz-target': `Kinesis_20131202.${operation}` };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
  const body = await answer.text();
  assert.equal(answer.status, 200, body);
  return body;
}

/** Without --credentials a signature has to be well-formed only, and signing takes its time. */
const signed = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-date': '20261128T120000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=a/20261128/us-east-1/kinesis/aws4_request, ' +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
};

/** What the process has in memory (VmRSS), or the most that it has had (VmHWM). */
function memoryMiB(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] = new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )!;
  return Math.ceil(Number(kibibytes) / 1024);
}

/** The last column of the table in docs/operating.md. */
function documentedMiB(workers: number): number {
  const row = new RegExp(`^\\| ${workers} \\|.* (\\d+) MiB \\|$`, 'm').exec(
    readFileSync('docs/operating.md', 'utf8'),
  );
  return Number(row![1]);
}
