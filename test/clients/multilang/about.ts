import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'MultiLangDaemon, with Python and with Node',
  version: '3.1.3',
  from: 'Maven Central, with amazon_kclpy 3.2.0 from PyPI and aws-kcl 2.3.2 from npm; 3.5.1 from its public sources',
  runs: 'a processor in Python and one in Node, each with fan-out and with polling, on records that the KPL aggregates, over a split and a merge: every record once, in the order of its key, and parents before children',
  configuration: [
    environmentAlone,
    {
      where: '`daemon.properties`',
      language: 'ini',
      lines: `executableName = python3 processor.py
streamName = orders
applicationName = billing
AwsCredentialsProvider = DefaultCredentialsProvider
initialPositionInStream = TRIM_HORIZON
regionName = us-east-1
retrievalMode = FANOUT            # or POLLING`,
    },
    {
      where: 'Start',
      language: 'sh',
      lines: `java -cp "$(cat classpath)" software.amazon.kinesis.multilang.MultiLangDaemon --properties-file daemon.properties`,
    },
  ],
  remarks: [
    'The daemon reads `AWS_ENDPOINT_URL` for its streams, leases and metrics. Its properties `kinesisEndpoint` and `dynamoDBEndpoint` do the same for two of them, and there is none for CloudWatch: with these alone, set `metricsLevel = NONE`.',
    "`pip install amazon_kclpy` and aws-kcl's `kcl-bootstrap` fetch the daemon's packages themselves, from Maven Central. The tests take the halves in Python and in Node as they come, and the daemon by a pom.xml.",
    'Standard output is how daemon and processor talk: what a processor prints there ends it. What it says on standard error is in the log of the daemon.',
    'Where Maven does not serve a daemon, it is built from its sources: `AMAZON_KINESIS_CLIENT_3_5_1` names a folder with github.com/awslabs/amazon-kinesis-client at v3.5.1. Without it, the tests of 3.5.1 are skipped.',
    'A test is impatient (`failoverTimeMillis = 2000`, `shardSyncIntervalMillis = 1000`, `parentShardPollIntervalMillis = 500`, `idleTimeBetweenReadsInMillis = 200`); without these, the KCL takes a minute or more until it has its first lease.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
    ['python3', '--version'],
    [process.execPath, '--version'],
  ],
};
