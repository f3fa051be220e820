import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { aggregated } from '../aggregated.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { givenClasses } from '../given-sources.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { classesInFull, type JavaClasses, quickStart } from '../java-classes.ts';
import { createStream, parentsIn, produce } from '../known-records.ts';
import { patientClient } from '../patient-client.ts';
import { processed, processedText } from '../processed.ts';
import { about } from './about.ts';
import { pythonHalf, pythonPath } from './python-half.ts';

const folder = new URL('./', import.meta.url);
const install = ['npm', 'install', '--no-save', '--prefer-offline', '--ignore-scripts'] as const;
const processors = {
  Python: { skip: onlyInFull || (await pythonHalf(folder)), command: 'python3 processor.py' },
  Node: {
    skip: onlyInFull || (await whyMissing(install, folder)),
    command: `${process.execPath} processor.mjs`,
  },
};
const daemons = {
  [about.version]: await classesInFull(folder),
  '3.5.1': await givenClasses({
    folder: new URL('newest/', folder),
    ours: [],
    variable: 'AMAZON_KINESIS_CLIENT_3_5_1',
    repository: 'github.com/awslabs/amazon-kinesis-client',
    tag: 'v3.5.1',
    roots: ['java', 'resources'].map((kind) => `amazon-kinesis-client-multilang/src/main/${kind}`),
  }),
};
const streamName = 'orders';

for (const [version, classes] of Object.entries(daemons)) {
  suite(`MultiLangDaemon ${version}`, () => {
    for (const [language, processor] of Object.entries(processors)) {
      for (const retrieval of ['FANOUT', 'POLLING']) {
        const skip = classes.skip || processor.skip;
        test(`${version}, ${language}, ${retrieval}: aggregated records, a split and a merge`, {
          skip,
        }, async (t) => {
          await consume(t, classes, processor.command, retrieval);
        });
      }
    }
  });
}

async function consume(
  t: TestContext,
  classes: JavaClasses,
  command: string,
  retrieval: string,
): Promise<void> {
  await using server = await startGuardedServer();
  const kinesis = patientClient(server);
  await createStream(kinesis, streamName, 4);
  await using daemon = await started(server, classes, propertiesOf(command, retrieval));
  const plan = { streamName, records: 6000, perSecond: 200, reshard: true, keys: 11, pack: aggregated };
  const produced = await produce(kinesis, plan);
  await untilProcessed([daemon], produced);
  const parents = await parentsIn(kinesis, streamName);
  await daemon.stop();
  const found = processed([daemon.heard], { produced, parents, mayComeAgain: false });
  counted(t, processedText(found, produced));
}

/** What the daemon reads: impatient, since a test does not wait for a minute until KCL has its leases. */
function propertiesOf(command: string, retrieval: string): string {
  const properties = {
    executableName: command,
    streamName,
    applicationName: 'billing',
    AwsCredentialsProvider: 'DefaultCredentialsProvider',
    initialPositionInStream: 'TRIM_HORIZON',
    retrievalMode: retrieval,
    failoverTimeMillis: 2000,
    shardSyncIntervalMillis: 1000,
    parentShardPollIntervalMillis: 500,
    idleTimeBetweenReadsInMillis: 200,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

async function started(
  { environment, region, folder: files }: GuardedServer,
  classes: JavaClasses,
  properties: string,
): Promise<ConsumerProcess> {
  const file = join(files, 'daemon.properties');
  writeFileSync(file, `${properties}regionName = ${region}\n`);
  const flags = ['-Xmx256m', ...quickStart, '-Dlogback.configurationFile=logback.xml'];
  const main = 'software.amazon.kinesis.multilang.MultiLangDaemon';
  const words = [...flags, '-cp', await classes.classPath(), main, '--properties-file', file];
  return new ConsumerProcess({
    command: ['java', ...words],
    folder,
    environment: { ...environment, PYTHONPATH: pythonPath(folder) },
  });
}
