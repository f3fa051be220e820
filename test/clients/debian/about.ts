import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: "Debian 12's boto3 and AWS CLI",
  version: 'boto3 1.26.27, awscli 2.9.19',
  from: "Debian's packages",
  runs:
    'a stream with a subscription and a split, a table of leases; with the CLI a record, an item and a metric; ' +
    'clients of 2022, from before AWS_ENDPOINT_URL',
  configuration: [
    environmentAlone,
    {
      where: 'Program, for these versions do not know AWS_ENDPOINT_URL',
      language: 'python',
      lines: `boto3.client("kinesis", endpoint_url=os.environ["AWS_ENDPOINT_URL"])`,
    },
    { where: 'Command', language: 'sh', lines: 'aws --endpoint-url $AWS_ENDPOINT_URL kinesis list-streams' },
  ],
  toolchain: [['/usr/bin/python3', '--version']],
};
