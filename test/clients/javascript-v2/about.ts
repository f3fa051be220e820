import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for JavaScript 2',
  version: '2.1693.0',
  from: 'npm',
  runs: 'streams from creation to deletion, resharding and errors, leases in a table of DynamoDB, metrics, over HTTP/1.1, with and without TLS',
  configuration: [
    environmentAlone,
    {
      where: 'Program, for this version does not know AWS_ENDPOINT_URL',
      language: 'js',
      lines: `const kinesis = new AWS.Kinesis({ endpoint: process.env.AWS_ENDPOINT_URL });`,
    },
  ],
  remarks: [
    'It takes no notice of AWS_CONFIG_FILE and AWS_PROFILE without `AWS_SDK_LOAD_CONFIG=1`.',
    'NODE_EXTRA_CA_CERTS names the authority for an https:// endpoint.',
  ],
  toolchain: [[process.execPath, '--version']],
};
