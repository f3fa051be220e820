import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'kinesis-consumer for Go (harlow)',
  version: '0.5.0',
  from: 'the Go module proxy',
  runs:
    'a consumer of all shards of a stream that was split and merged, stopped and started again; a group with ' +
    'leases in DynamoDB over a split and a merge, one of which is killed',
  configuration: [
    environmentAlone,
    {
      where: 'Program',
      language: 'go',
      lines: `settings, err := config.LoadDefaultConfig(ctx)
store, err := checkpoints.New("shop", "checkpoints", checkpoints.WithDynamoClient(dynamodb.NewFromConfig(settings)))
consumer.New("orders", consumer.WithClient(kinesis.NewFromConfig(settings)), consumer.WithStore(store))`,
    },
    {
      where: 'Its tables (of checkpoints, and of leases for a group), which it does not make',
      language: 'sh',
      lines: `aws dynamodb create-table --table-name checkpoints --billing-mode PAY_PER_REQUEST \\
  --attribute-definitions AttributeName=namespace,AttributeType=S AttributeName=shard_id,AttributeType=S \\
  --key-schema AttributeName=namespace,KeyType=HASH AttributeName=shard_id,KeyType=RANGE`,
    },
  ],
  remarks: [
    'AWS_CA_BUNDLE names the authority for an https:// endpoint.',
    'A consumer of all shards looks for new ones every 30 s, a group as often as AssignInterval says.',
  ],
  toolchain: [['go', 'version']],
};
