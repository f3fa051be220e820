import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { MillraceProcess, temporaryDirectory } from './process.ts';

test('a server whose lock is removed ends with 74, and the next one has all that it acknowledged', async () => {
  using directory = temporaryDirectory();
  const args = ['--data', directory.path, '--port', '0', '--workers', '0', '--transition-delay', '0'];
  const acknowledged: string[] = [];
  {
    await using server = new MillraceProcess(args);
    const client = clientOf(await server.ready());
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await waitUntilStreamExists(
      { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.05 },
      { StreamName: 's' },
    );
    rmSync(join(directory.path, 'lock'));
    await putUntilRefused(client, acknowledged);
    const { code, stderr } = await server.ended;
    assert.equal(code, 74);
    assert.match(stderr, /"The lock of the data directory was taken away: another server may write to it"/);
  }
  await using next = new MillraceProcess(args);
  const texts = await readAll(clientOf(await next.ready()));
  assert.deepEqual(texts.slice(0, acknowledged.length), acknowledged);
  next.kill('SIGTERM');
  const { stderr } = await next.ended;
  assert.match(stderr, /"The lock was missing: waiting for a server that may still have it."/);
});

/** Some go on to be acknowledged for a moment. */
async function putUntilRefused(client: KinesisClient, acknowledged: string[]): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (let nth = 0; performance.now() < deadline; nth++) {
    const Data = Buffer.from(`record ${nth}`);
    try {
      await client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data }));
    } catch {
      return;
    }
    acknowledged.push(String(Data));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('It goes on without its lock.');
}

function clientOf(endpoint: string): KinesisClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new KinesisClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function readAll(client: KinesisClient): Promise<string[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: 's',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records!.map(({ Data }) => Buffer.from(Data!).toString());
}
