import type { About } from '../about.ts';

export const about: About = {
  name: 'Kinesis Producer Library',
  version: '1.0.7',
  from: 'Maven Central',
  runs: "aggregated user records at 600/s over TLS, verified by Millrace's authority, through a split and a merge; what is in the stream is taken apart and counted, and consumed by KCL 3",
  configuration: [
    {
      where: 'The authority that the server made',
      language: 'sh',
      lines: 'curl -o ca.pem http://localhost:4567/ca.pem',
    },
    {
      where: 'The program: the library speaks TLS only, and takes no endpoint from the environment',
      language: 'java',
      lines: `new KinesisProducerConfiguration().setRegion("us-east-1")
    .setKinesisEndpoint("localhost").setKinesisPort(4567)
    .setCloudwatchEndpoint("localhost").setCloudwatchPort(4567)   // or setMetricsLevel("none")
    .setCaCertFile("ca.pem").setCaCertPath("");`,
    },
  ],
  remarks: [
    'Version 1.1.1 did the same with the same result.',
    'In the first seconds after a split, the KPL and the KCL do not agree on what becomes of an aggregate with user records of both new shards: the KPL (since 1.0, `retrier.cc`) sends only those again that are in the wrong one, the KCL (`AggregatorUtil.java`) drops the whole of it. What is lost by that is lost on AWS as well; the test says how many. Stop a producer that aggregates while a stream is resharded, or consume with a de-aggregator that drops nothing.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
