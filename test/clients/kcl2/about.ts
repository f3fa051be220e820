import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'Kinesis Client Library 2 for Java',
  version: '2.7.2',
  from: 'Maven Central',
  runs: 'an application with its leases in Millrace, by `AWS_ENDPOINT_URL` alone: fan-out and polling, through a split, a merge and a killed worker',
  configuration: [
    environmentAlone,
    {
      where: 'The program, as on AWS; nothing in it knows of an endpoint',
      language: 'java',
      lines: `var kinesis = KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder());
var configs = new ConfigsBuilder("orders", "billing", kinesis,
    DynamoDbAsyncClient.create(), CloudWatchAsyncClient.create(), workerId, Processor::new);`,
    },
  ],
  remarks: [
    'Where a shard has ended, `startGracefulShutdown` never completes, on AWS as well: it waits for the consumer that is no more (mended in version 3). Give it a time limit.',
    'Versions of the SDK before 2.28.1 know no `AWS_ENDPOINT_URL`: there each of the three clients takes `endpointOverride(URI.create("http://localhost:4567"))`.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
