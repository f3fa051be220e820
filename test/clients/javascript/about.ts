import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for JavaScript 3',
  version: '3.1143.0',
  from: 'npm',
  runs: 'streams from creation to deletion, fan-out, resharding, users, assumed roles and policies, leases in a table of DynamoDB, metrics, over HTTP/2 and HTTP/1.1',
  configuration: [
    environmentAlone,
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
export AWS_ENDPOINT_URL=https://localhost:4567 NODE_EXTRA_CA_CERTS=$PWD/ca.pem`,
    },
  ],
  toolchain: [[process.execPath, '--version']],
};
