import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  CreateChannelCommand,
  CreateStreamCommand,
  DeleteChannelCommand,
  DescribeChannelCommand,
  ListChannelsCommand,
  PutRecordsCommand,
  UpdateChannelCommand,
  waitUntilChannelActive,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { OfficialClients } from '../official-clients.ts';
import { temporaryDirectory } from '../process.ts';
import { startTestServer } from '../server-under-test.ts';

const account = '000000000000';
const StreamARN = `arn:aws:kinesis:us-east-1:${account}:stream/flights`;
/** A generous limit: other work may have the machine. */
const maxWaitTime = 300;

/** The files below a folder, by their paths in it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

test('the official client makes a channel, waits until it is ACTIVE, and finds its records in the bucket', async () => {
  using directory = temporaryDirectory();
  const bucket = join(directory.path, 'lake');
  mkdirSync(bucket);
  await using server = await startTestServer({ s3: `file://${directory.path}`, limits: 'none' });
  using clients = new OfficialClients(server.url, { accessKeyId: 'a', secretAccessKey: 'b' });
  const { kinesis: client } = clients;
  await client.send(new CreateStreamCommand({ StreamName: 'flights' }));
  await waitUntilStreamExists({ client, maxWaitTime }, { StreamName: 'flights' });
  const { ChannelDescription: made } = await client.send(
    new CreateChannelCommand({
      ChannelName: 'to-lake',
      ServiceExecutionRoleARN: `arn:aws:iam::${account}:role/delivers`,
      StreamConfigurationList: [{ StreamARN, RecordConfiguration: { RecordFormatType: 'JSON' } }],
      S3DestinationConfiguration: {
        DataFreshnessInSeconds: 1,
        StorageConfiguration: {
          BucketARN: 'arn:aws:s3:::lake',
          ExpectedBucketOwner: account,
          OutputKeyTemplate: 'in/!{stream-name}/!{yyyy}/!{channel-name}!{extension:.json.gz}',
          CompressionType: 'GZIP',
        },
      },
    }),
  );
  const { ChannelARN } = made!;
  await waitUntilChannelActive({ client, maxWaitTime, minDelay: 0.1, maxDelay: 0.5 }, { ChannelARN });
  const texts = Array.from({ length: 50 }, (_, nth) => JSON.stringify({ nth }));
  const Records = [...texts, 'no JSON'].map((text, nth) => ({
    PartitionKey: `${nth}`,
    Data: Buffer.from(text),
  }));
  await client.send(new PutRecordsCommand({ StreamARN, Records }));

  const delivered = () =>
    filesIn(bucket)
      .filter((path) => /^in\/flights\/20\d\d\/to-lake-[^/]+\.json\.gz$/.test(path))
      .flatMap((path) => String(gunzipSync(readFileSync(join(bucket, path)))).split('\n'))
      .filter((line) => line !== '');
  const refused = () => filesIn(bucket).filter((path) => path.startsWith('kinesis-channel/errors/to-lake/'));
  while (delivered().length < texts.length || refused().length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(delivered().sort(), texts.toSorted());

  const changed = new UpdateChannelCommand({
    ChannelARN,
    S3DestinationConfiguration: { DataFreshnessInSeconds: 900 },
  });
  await client.send(changed);
  await waitUntilChannelActive({ client, maxWaitTime, minDelay: 0.1, maxDelay: 0.5 }, { ChannelARN });
  const { ChannelSummaries } = await client.send(new ListChannelsCommand({ StreamFilter: [{ StreamARN }] }));
  assert.deepEqual(
    ChannelSummaries?.map(({ ChannelName, ChannelStatus }) => [ChannelName, ChannelStatus]),
    [['to-lake', 'ACTIVE']],
  );
  await client.send(new DeleteChannelCommand({ ChannelARN }));
  for (;;) {
    const gone = await client.send(new DescribeChannelCommand({ ChannelARN })).then(
      () => undefined,
      (error: Error) => error.name,
    );
    if (gone !== undefined) return assert.equal(gone, 'ResourceNotFoundException');
  }
});
