import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'lifion-kinesis for Node.js',
  version: '1.3.3',
  from: 'npm',
  runs: 'polling over a split, with its state in DynamoDB, stopped and started again',
  configuration: [
    environmentAlone,
    {
      where: 'Program, for it does not know AWS_ENDPOINT_URL',
      language: 'js',
      lines: `const endpoint = process.env.AWS_ENDPOINT_URL;
new Kinesis({ streamName: 'orders', region: 'us-east-1', endpoint, dynamoDb: { endpoint } });`,
    },
  ],
  remarks: [
    'Its enhanced fan-out cannot be pointed anywhere: it signs and connects for kinesis.REGION.amazonaws.com, whatever `endpoint` says.',
  ],
  toolchain: [['npm', '--version']],
};
