import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { ConsumerProcess } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { quickStart } from '../java-classes.ts';
import { createStream } from '../known-records.ts';
import { patientClient } from '../patient-client.ts';
import { textsIn } from '../texts-in.ts';
import { agentClasses } from './agent-classes.ts';

const folder = new URL('./', import.meta.url);
const classes = await agentClasses();
const { skip } = classes;
const streamName = 'lines';
const perFile = 1000;

test('all lines of a file that is rotated arrive, over a new start of the agent', { skip }, async (t) => {
  await using server = await startGuardedServer();
  const kinesis = patientClient(server);
  await createStream(kinesis, streamName, 2);
  const log = join(server.folder, 'app.log');
  const written: string[] = [];
  const arrived = () => textsIn(kinesis, streamName);
  for (const files of [
    [0, 1],
    [2, 3],
  ]) {
    await using agent = await started(server, log);
    for (const file of files) {
      const before = written.length;
      written.push(...(await write(log, file)));
      // On its first start an agent begins with the newest file: the one before would be left out.
      await eventually(async () => (await arrived()).length > before);
      renameSync(log, `${log}.${file}`);
    }
    await eventually(async () => (await arrived()).length >= written.length);
    await agent.stop();
  }
  assert.deepEqual((await arrived()).sort(), written.sort());
  assert.equal(await sentByMetrics(server), written.length);
  counted(
    t,
    `${written.length} of ${written.length} lines of 4 files, none twice; its metrics count as many`,
  );
});

/** The lines of a file, over some seconds. */
async function write(log: string, file: number): Promise<string[]> {
  const written: string[] = [];
  while (written.length < perFile) {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${written.length + index} of file ${file}`);
    appendFileSync(log, `${lines.join('\n')}\n`);
    written.push(...lines);
    await sleep(100);
  }
  return written.map((line) => `${line}\n`);
}

async function started({ url, region, credentials, environment, folder: files }: GuardedServer, log: string) {
  const configuration = {
    'kinesis.endpoint': url,
    'kinesis.region': region,
    'cloudwatch.endpoint': url,
    'cloudwatch.emitMetrics': true,
    'cloudwatch.metricsBufferTimeMillis': 1000,
    'cloudwatch.tagInstance': false,
    awsAccessKeyId: credentials.accessKeyId,
    awsSecretAccessKey: credentials.secretAccessKey,
    checkpointFile: join(files, 'checkpoints'),
    flows: [
      {
        filePattern: `${log}*`,
        kinesisStream: streamName,
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

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error('the lines do not arrive');
}

/** Its client for CloudWatch has a region of its own mind when its endpoint is an address. */
async function sentByMetrics({ url, credentials }: GuardedServer): Promise<number> {
  const cloudWatch = new CloudWatchClient({ endpoint: url, credentials, region: 'us-east-1' });
  const now = Date.now();
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWSKinesisAgent',
      MetricName: 'RecordsSent',
      Dimensions: [{ Name: 'Destination', Value: `KinesisStream:${streamName}` }],
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  cloudWatch.destroy();
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
