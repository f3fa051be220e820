import type { About } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for JavaScript 2',
  version: '2.1693.0',
  from: 'npm',
  runs: 'streams from creation to deletion, resharding and errors, leases in a table of DynamoDB, metrics, over HTTP/1.1, with and without TLS',
  configuration: [
    {
      where: 'Environment',
      language: 'sh',
      lines: `export AWS_ENDPOINT_URL=http://localhost:4567 AWS_REGION=us-east-1
export AWS_SDK_LOAD_CONFIG=1   # without it, this version takes no notice of AWS_CONFIG_FILE nor of AWS_PROFILE`,
    },
  ],
  toolchain: [[process.execPath, '--version']],
};
