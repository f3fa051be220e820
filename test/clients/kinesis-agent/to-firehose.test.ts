import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { ConsumerProcess } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { bucketIn, deliveryRole, eventually, linesIn } from '../delivery-bucket.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { quickStart } from '../java-classes.ts';
import { agentClasses } from './agent-classes.ts';

const folder = new URL('./', import.meta.url);
const classes = await agentClasses();
const { skip } = classes;
const name = 'lines';
const written = Array.from({ length: 5_000 }, (_, number) => `line ${number}`);

test('all lines of a file that the agent sends to Firehose are in the bucket', { skip }, async (t) => {
  await using buckets = await mkdtempDisposable(join(tmpdir(), 'millrace-buckets-'));
  await using server = await startGuardedServer(...bucketIn(buckets.path));
  await createDeliveryStream(server);
  const log = join(server.folder, 'app.log');
  await using agent = await started(server, log);
  for (let first = 0; first < written.length; first += 500) {
    appendFileSync(log, `${written.slice(first, first + 500).join('\n')}\n`);
    await eventually(() => linesIn(buckets.path).length > first || agent.hasEnded, agent.said);
  }
  await eventually(() => linesIn(buckets.path).length >= written.length, 'all lines');
  assert.deepEqual(linesIn(buckets.path).sort(), [...written].sort());
  counted(t, `${written.length} of ${written.length} lines in the bucket, none twice`);
});

/** Lines keep their newline: objects need no delimiter. */
async function createDeliveryStream(server: GuardedServer): Promise<void> {
  const { url, credentials } = server;
  // Its client for Firehose is one of this region when its endpoint is an address.
  const firehose = new FirehoseClient({ endpoint: url, region: 'us-east-1', credentials });
  const ExtendedS3DestinationConfiguration = {
    ...{ RoleARN: await deliveryRole(server), BucketARN: 'arn:aws:s3:::lake' },
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
  };
  const DeliveryStreamName = name;
  await firehose.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration }),
  );
  firehose.destroy();
}

async function started({ url, credentials, environment, folder: files }: GuardedServer, log: string) {
  const configuration = {
    'firehose.endpoint': url,
    'cloudwatch.emitMetrics': false,
    'cloudwatch.tagInstance': false,
    awsAccessKeyId: credentials.accessKeyId,
    awsSecretAccessKey: credentials.secretAccessKey,
    checkpointFile: join(files, 'checkpoints'),
    flows: [
      {
        filePattern: `${log}*`,
        deliveryStream: name,
        initialPosition: 'START_OF_FILE',
        maxBufferAgeMillis: 1000,
        maxTimeBetweenFileTrackerRefreshMillis: 500,
      },
    ],
  };
  const file = join(files, 'agent.json');
  writeFileSync(file, JSON.stringify(configuration));
  const flags = ['-Xmx256m', ...quickStart, '-Dlog4j2.configurationFile=log4j2.xml'];
  const main = 'com.amazon.kinesis.streaming.agent.Agent';
  const command = ['java', ...flags, '-cp', await classes.classPath(), main, '-c', file] as const;
  return new ConsumerProcess({ command, folder, environment });
}
