import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'async-kinesis for Python',
  version: '3.0.1',
  from: 'PyPI',
  runs:
    'a consumer with its checkpoints in DynamoDB over a split, stopped and started again under another name; ' +
    'and a producer',
  configuration: [
    environmentAlone,
    {
      where: 'Program',
      language: 'python',
      lines: `Consumer(
    stream_name="orders",
    checkpointer=DynamoDBCheckPointer(name="shop"),  # makes its table, kinesis-checkpoints-shop
    processor=StringProcessor(),
    use_list_shards=True,
)`,
    },
  ],
  remarks: [
    'AWS_CA_BUNDLE names the authority for an https:// endpoint.',
    'It looks for new shards once a minute.',
    'It knows one parent of a shard only: after a merge, records of one key can come before earlier ones of the other parent.',
  ],
  toolchain: [['python3', '--version']],
};
