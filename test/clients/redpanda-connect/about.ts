import type { About } from '../about.ts';

export const about: About = {
  name: 'Redpanda Connect',
  version: '4',
  from: 'the Go module proxy',
  runs: 'nothing',
  configuration: [
    {
      where: 'Configuration, as its documentation has it; not tried',
      language: 'yaml',
      lines: `input:
  aws_kinesis:
    streams: [orders]
    region: us-east-1
    endpoint: http://localhost:4567
    dynamodb: { table: redpanda-connect-kinesis, create: true }`,
    },
  ],
  remarks: ['Its module is not under an open-source licence as a whole; it was neither fetched nor run.'],
  toolchain: [],
};
