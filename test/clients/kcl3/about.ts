import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'Kinesis Client Library 3 for Java',
  version: '3.5.1',
  from: 'Maven Central',
  runs: 'an application with its leases and metrics in Millrace, by `AWS_ENDPOINT_URL` alone: fan-out and polling, through splits, merges, killed workers, a killed server, graceful hand-over',
  configuration: [
    environmentAlone,
    {
      where: 'The program, as on AWS; nothing in it knows of an endpoint',
      language: 'java',
      lines: `var kinesis = KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder());
var configs = new ConfigsBuilder(new SingleStreamTracker("orders"), "billing", kinesis,
    DynamoDbAsyncClient.create(), CloudWatchAsyncClient.create(), workerId, Processor::new);`,
    },
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
keytool -importcert -noprompt -alias millrace -file ca.pem -keystore trust.p12 -storepass changeit -storetype PKCS12
export AWS_ENDPOINT_URL=https://localhost:4567
java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit ...`,
    },
    {
      where: 'A start within 40 seconds instead of 90, for tests and development',
      language: 'java',
      lines: `leaseManagementConfig.failoverTimeMillis(2_000).shardSyncIntervalMillis(1_000)
    .dynamoDbLockBasedLeaderLeaseDurationInMillis(10_000).dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(2_000);
leaseManagementConfig.workerUtilizationAwareAssignmentConfig()
    .inMemoryWorkerMetricsCaptureFrequencyMillis(500).workerMetricsReporterFreqInMillis(2_000);
coordinatorConfig.parentShardPollIntervalMillis(500).shardConsumerDispatchPollIntervalMillis(250);
pollingConfig.idleTimeBetweenReadsInMillis(200);   // only with polling`,
    },
  ],
  remarks: [
    'A new application waits up to 30 s, at random, before it makes its leases: the library does so, on AWS as well.',
    "The metrics are found by the namespace that is the application's name: `aws cloudwatch list-metrics --namespace billing`.",
    'At the end of a shard the library logs `Subscriber cancelled before all events were published`. That is its own doing, and harmless.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
