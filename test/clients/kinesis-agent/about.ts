import type { About } from '../about.ts';

export const about: About = {
  name: 'Amazon Kinesis Agent',
  version: '2.0.13',
  from: 'its public sources, since no registry serves it; its libraries from Maven Central',
  runs: 'a log of four files, rotated while it is written, into a stream, with a new start of the agent between them: every line once, and its own metrics in CloudWatch count as many; and a file into a delivery stream of Firehose, whose bucket has every line once',
  configuration: [
    {
      where: '`/etc/aws-kinesis/agent.json`',
      language: 'json',
      lines: `{
  "kinesis.endpoint": "http://localhost:4567",
  "kinesis.region": "us-east-1",
  "cloudwatch.endpoint": "http://localhost:4567",
  "cloudwatch.emitMetrics": true,
  "cloudwatch.tagInstance": false,
  "awsAccessKeyId": "anybody",
  "awsSecretAccessKey": "anything",
  "flows": [{ "filePattern": "/var/log/app.log*", "kinesisStream": "lines" }]
}`,
    },
    {
      where: 'For Firehose, in the same file',
      language: 'json',
      lines: `  "firehose.endpoint": "http://localhost:4567",
  "flows": [{ "filePattern": "/var/log/app.log*", "deliveryStream": "lines" }]`,
    },
    {
      where: 'Sources of the agent, for the test',
      language: 'sh',
      lines:
        'export AMAZON_KINESIS_AGENT_2_0_13=…   # a folder with github.com/awslabs/amazon-kinesis-agent at v2.0.13',
    },
  ],
  remarks: [
    'It is built on version 1 of the SDK, so it takes no notice of `AWS_ENDPOINT_URL`. With `kinesis.endpoint` alone it takes us-east-1 for its region when the endpoint is an address or a name that is not of AWS; `kinesis.region` says another.',
    'For CloudWatch there is no such setting: with an endpoint of its own, its metrics are in us-east-1, namespace `AWSKinesisAgent`.',
    'For Firehose there is no such setting either: with `firehose.endpoint` its delivery streams are those of us-east-1.',
    'A line keeps the newline at its end: it is part of the data.',
    '`cloudwatch.tagInstance` asks the metadata service of EC2, which is not there on a machine of your own.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
