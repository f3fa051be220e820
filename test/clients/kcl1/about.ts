import type { About } from '../about.ts';

export const about: About = {
  name: 'Kinesis Client Library 1 for Java',
  version: '1.15.3',
  from: 'Maven Central',
  runs: 'an application with its leases and metrics in Millrace: polling in CBOR over HTTP/1.1, through a split, a merge and a killed worker',
  configuration: [
    {
      where: 'Credentials',
      language: 'sh',
      lines:
        "export AWS_ACCESS_KEY_ID=anybody AWS_SECRET_ACCESS_KEY=anything   # or a user's, where signatures are verified",
    },
    {
      where: 'The program: version 1 of the SDK takes no endpoint from the environment',
      language: 'java',
      lines: `var configuration = new KinesisClientLibConfiguration("billing", "orders",
    new DefaultAWSCredentialsProviderChain(), workerId)
    .withKinesisEndpoint("http://localhost:4567").withDynamoDBEndpoint("http://localhost:4567")
    .withRegionName("us-east-1");
var metrics = AmazonCloudWatchClientBuilder.standard()
    .withEndpointConfiguration(new EndpointConfiguration("http://localhost:4567", "us-east-1")).build();
new Worker.Builder().config(configuration).cloudWatchClient(metrics).recordProcessorFactory(Processor::new).build().run();`,
    },
  ],
  remarks: [
    "Without a CloudWatch client of its own it looks for AWS's: then it needs `withMetricsLevel(MetricsLevel.NONE)`.",
    'It reads no `AWS_SHARED_CREDENTIALS_FILE`; the variable is `AWS_CREDENTIAL_PROFILES_FILE`.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
