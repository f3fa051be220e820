import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  TagResourceCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { canSharePorts } from '../../../src/http/shared-port.ts';
import { temporaryDirectory } from '../process.ts';
import { startTestServer, type TestServer } from '../server-under-test.ts';

const skip = (await canSharePorts()) ? false : 'this system does not spread the connections of a port';
const profile = '[default]\naws_access_key_id = test\naws_secret_access_key = test\n';
const StreamARN = 'arn:aws:kinesis:us-west-2:000000000000:stream/s';

type Call = (client: KinesisClient) => Promise<unknown>;

/** A client with a connection of its own, which the kernel may give to any worker. */
async function withClient<Result>(
  { clientConfig }: TestServer,
  region: string,
  work: (client: KinesisClient) => Promise<Result>,
): Promise<Result> {
  const client = new KinesisClient({ ...clientConfig, region, maxAttempts: 1 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** A stream in us-west-2 with two shards and a consumer, and what names it and parts of it. */
async function furnish(client: KinesisClient) {
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
  await waitUntilStreamExists(
    { client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.05 },
    { StreamName: 's' },
  );
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }));
  const from = { StreamARN, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  const { NextToken } = await client.send(new ListShardsCommand({ StreamARN, MaxResults: 1 }));
  return { from, ShardIterator, NextToken, ConsumerARN: Consumer!.ConsumerARN! };
}

/** Calls that name what is in us-west-2, by the error that each has to come to in us-east-1. */
function callsOn({
  from,
  ShardIterator,
  NextToken,
  ConsumerARN,
}: Awaited<ReturnType<typeof furnish>>): readonly (readonly [string, Call])[] {
  const record = { Data: Buffer.from('a'), PartitionKey: 'k' };
  const StartingPosition = { Type: 'LATEST' } as const;
  const missing = 'ResourceNotFoundException';
  const invalid = 'InvalidArgumentException';
  return [
    [missing, (client) => client.send(new PutRecordCommand({ StreamARN, ...record }))],
    [missing, (client) => client.send(new PutRecordsCommand({ StreamARN, Records: [record] }))],
    [missing, (client) => client.send(new GetShardIteratorCommand(from))],
    [invalid, (client) => client.send(new GetRecordsCommand({ ShardIterator }))],
    [invalid, (client) => client.send(new ListShardsCommand({ NextToken }))],
    [missing, (client) => client.send(new TagResourceCommand({ ResourceARN: StreamARN, Tags: { a: 'b' } }))],
    [
      missing,
      (client) => client.send(new SubscribeToShardCommand({ ConsumerARN, ShardId: '0', StartingPosition })),
    ],
    [missing, (client) => client.send(new DeleteStreamCommand({ StreamARN, EnforceConsumerDeletion: true }))],
  ];
}

for (const guarded of [false, true]) {
  for (const workers of [0, 2]) {
    const how = `workers: ${workers}, ${guarded ? 'with' : 'without'} credentials`;
    test(`over sockets, no call reaches into another region than it is signed for (${how})`, {
      skip: workers > 0 && skip,
    }, async () => {
      using directory = temporaryDirectory();
      const credentials = join(directory.path, 'users');
      writeFileSync(credentials, profile, { mode: 0o600 });
      await using server = await startTestServer({ workers, ...(guarded && { credentials }) });
      const named = await withClient(server, 'us-west-2', furnish);
      for (const [name, call] of callsOn(named)) {
        // Any two connections may come to one worker: four are rarely all with it.
        for (let nth = 0; nth < 2 * (workers + 1); nth++) {
          await assert.rejects(withClient(server, 'us-east-1', call), { name });
        }
      }
      await withClient(server, 'us-west-2', async (client) => {
        const { StreamDescriptionSummary } = await client.send(
          new DescribeStreamSummaryCommand({ StreamARN }),
        );
        assert.equal(StreamDescriptionSummary!.StreamStatus, 'ACTIVE');
        const { ShardIterator } = named;
        assert.deepEqual((await client.send(new GetRecordsCommand({ ShardIterator }))).Records, []);
      });
    });
  }
}
