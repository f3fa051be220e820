import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'Telegraf',
  version: 'v1.37.2',
  from: 'the Go module proxy',
  runs:
    'kinesis_consumer with its checkpoints in DynamoDB over a split, stopped and started again; ' +
    'and the kinesis output',
  configuration: [
    environmentAlone,
    {
      where: 'telegraf.conf',
      language: 'toml',
      lines: `[[inputs.kinesis_consumer]]
  region = "us-east-1"
  streamname = "orders"
  data_format = "influx"
  [inputs.kinesis_consumer.checkpoint_dynamodb]
    app_name = "telegraf"
    table_name = "checkpoints"

[[outputs.kinesis]]
  region = "us-east-1"
  streamname = "orders"
  data_format = "influx"
  [outputs.kinesis.partition]
    method = "random"`,
    },
    {
      where: 'The table of its checkpoints, which it does not make',
      language: 'sh',
      lines: `aws dynamodb create-table --table-name checkpoints --billing-mode PAY_PER_REQUEST \\
  --attribute-definitions AttributeName=namespace,AttributeType=S AttributeName=shard_id,AttributeType=S \\
  --key-schema AttributeName=namespace,KeyType=HASH AttributeName=shard_id,KeyType=RANGE`,
    },
  ],
  remarks: [
    'AWS_CA_BUNDLE names the authority for an https:// endpoint.',
    'AWS_ENDPOINT_URL beats `endpoint_url`, which both plugins have; the checkpoints of DynamoDB are pointed by the environment alone.',
  ],
  toolchain: [['go', 'version']],
};
