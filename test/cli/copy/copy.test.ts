import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { runCopy } from '../../../src/cli/copy/command-copy.ts';
import type { CopyRequest } from '../../../src/cli/copy/copy-request.ts';
import type { HttpClient } from '../../../src/env/http-client.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { nodeEnv } from '../../../src/server/node-env.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { type Server, startServer } from '../../../src/server/server.ts';

const stream = 'orders';
const keys = Array.from({ length: 20 }, (_, index) => `customer-${index}`);
const limited = { memory: true, port: 0, logLevel: 'silent', transitionDelay: 0 } as const;
const free = { ...limited, limits: 'none' } as const;
const calls = createHttpClient({ timeoutMs: 30_000, bodyBytesMax: 32 * 1024 * 1024, keepAlive: true });

/** Two servers, and what copies from one to the other. */
class Pair implements AsyncDisposable {
  readonly from: Server;
  readonly to: Server;
  readonly directory = mkdtempSync(join(tmpdir(), 'millrace-copy-'));

  static async start(target: Partial<ServerOptions> = free): Promise<Pair> {
    return new Pair(await startServer(free), await startServer(target));
  }

  private constructor(from: Server, to: Server) {
    this.from = from;
    this.to = to;
  }

  copy(client = calls, request: Partial<CopyRequest> = {}): Promise<string> {
    const state = join(this.directory, 'state.json');
    const from = { endpoint: this.from.url };
    const to = { endpoint: this.to.url };
    const asked = { from, to, stream, as: stream, follows: false, state, ...request };
    const { clock, random } = nodeEnv({ data: '.', logLevel: 'error' });
    const world = { clock, random, client, patienceMs: 0, surroundings, diskAt: nodeDisk, signal: never };
    return runCopy(asked, { ...world, show() {} });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.from.close(), this.to.close()]);
    rmSync(this.directory, { recursive: true });
  }
}

test('a history with a split arrives whole, each partition key in its order', async () => {
  await using pair = await Pair.start();
  const written = await writeHistory(pair.from);
  await pair.copy();
  same(await byKey(pair.to), written);
});

test('the stream at the target has the shards, the retention and the tags of the source', async () => {
  await using pair = await Pair.start();
  const client = clientOf(pair.from);
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 3, Tags: { team: 'a' } }));
  await waitUntilStreamExists({ client, maxWaitTime: 30, minDelay: 0.05 }, { StreamName: stream });
  await pair.copy(calls, { as: 'copied' });
  const there = await clientOf(pair.to).send(new DescribeStreamSummaryCommand({ StreamName: 'copied' }));
  const summary = there.StreamDescriptionSummary!;
  assert.equal(summary.OpenShardCount, 3);
  assert.equal(summary.RetentionPeriodHours, 24);
});

test('what arrived since is copied by the next run, and nothing twice', async () => {
  await using pair = await Pair.start();
  const written = await writeHistory(pair.from);
  await pair.copy();
  await clientOf(pair.from).send(
    new PutRecordCommand({ StreamName: stream, PartitionKey: keys[0]!, Data: Buffer.from('later') }),
  );
  written[keys[0]!]!.push('later');
  await pair.copy();
  same(await byKey(pair.to), written);
});

test('answers that are lost on the way make no record come twice', async () => {
  await using pair = await Pair.start();
  const written = await writeHistory(pair.from);
  let puts = 0;
  await pair.copy(losing((target) => target.endsWith('.PutRecords') && puts++ % 2 === 0));
  assert.ok(puts > 2);
  same(await byKey(pair.to), written);
});

test('a run that ends in the middle is gone on with', async () => {
  await using pair = await Pair.start();
  const written = await writeHistory(pair.from);
  let puts = 0;
  const dying = losing((target) => {
    if (target.endsWith('.PutRecords')) puts += 1;
    return puts > 2;
  });
  await assert.rejects(pair.copy(dying), /lost on the way/);
  await pair.copy();
  same(await byKey(pair.to), written);
});

test('a target that refuses what is over its limits gets each partition key in its order', async () => {
  await using pair = await Pair.start(limited);
  const written = await writeHistory(pair.from);
  await pair.copy();
  same(await byKey(pair.to), written);
});

test('a record that an explicit hash key led to another shard comes to the shard of its neighbours', async () => {
  await using pair = await Pair.start();
  const client = clientOf(pair.from);
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 2 }));
  await waitUntilStreamExists({ client, maxWaitTime: 30, minDelay: 0.05 }, { StreamName: stream });
  for (const key of keys) {
    const put = { StreamName: stream, PartitionKey: key, ExplicitHashKey: '0', Data: Buffer.from(key) };
    await client.send(new PutRecordCommand(put));
  }
  await pair.copy();
  assert.deepEqual(
    (await shardTexts(pair.to)).map((texts) => texts.length),
    [keys.length, 0],
  );
});

test('a source that is not there, and a state of another copy, are told in one line', async () => {
  await using pair = await Pair.start();
  await assert.rejects(pair.copy(), /^StartError: there is no stream orders at http/);
  await writeHistory(pair.from);
  await pair.copy();
  await assert.rejects(pair.copy(calls, { as: 'other' }), /state.json is of another copy/);
});
/** One key after the other, so that a difference can be read. */
function same(copied: Record<string, string[]>, written: Record<string, string[]>): void {
  for (const key of keys) assert.equal(copied[key]!.join(' '), written[key]!.join(' '), key);
}

const never = new AbortController().signal;

const surroundings = {
  variables: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  readFile: () => Promise.reject(new Error('no such file')),
};

/** Loses the answers of calls after they were carried out. */
function losing(isLost: (target: string) => boolean): HttpClient {
  return {
    async send(request, signal) {
      const answer = await calls.send(request, signal);
      if (isLost(request.headers['x-amz-target'] ?? '')) throw new Error('lost on the way');
      return answer;
    },
  };
}

function clientOf({ url }: Server): KinesisClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new KinesisClient({ endpoint: url, region: 'us-east-1', credentials });
}

/** Puts numbers under each key, before and after a split; answers them by key. */
async function writeHistory(server: Server): Promise<Record<string, string[]>> {
  const client = clientOf(server);
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 2 }));
  const active = () =>
    waitUntilStreamExists({ client, maxWaitTime: 30, minDelay: 0.05 }, { StreamName: stream });
  await active();
  const written: Record<string, string[]> = Object.fromEntries(keys.map((key) => [key, []]));
  const put = async (first: number) => {
    for (let number = first; number < first + 60; number++) {
      const Records = keys.map((key) => {
        // The same bytes come again and again: a copy may not take one for the other.
        const text = String(number % 7);
        written[key]!.push(text);
        return { PartitionKey: key, Data: Buffer.from(text) };
      });
      await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    }
  };
  await put(0);
  await client.send(
    new SplitShardCommand({
      StreamName: stream,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: String(2n ** 126n),
    }),
  );
  await active();
  await put(60);
  return written;
}

/** What each shard has, in order, with the keys. */
async function shardTexts(server: Server): Promise<(readonly [string, string])[][]> {
  const client = clientOf(server);
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream }));
  return await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const at = { StreamName: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand(at));
      const texts: (readonly [string, string])[] = [];
      while (iterator !== undefined) {
        const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
        for (const { PartitionKey, Data } of page.Records ?? [])
          texts.push([PartitionKey!, Buffer.from(Data!).toString()]);
        iterator = page.Records?.length === 0 ? undefined : page.NextShardIterator;
      }
      return texts;
    }),
  );
}

async function byKey(server: Server): Promise<Record<string, string[]>> {
  const texts: Record<string, string[]> = Object.fromEntries(keys.map((key) => [key, []]));
  for (const shard of await shardTexts(server)) for (const [key, text] of shard) texts[key]!.push(text);
  return texts;
}
