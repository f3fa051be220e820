import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Go 2',
  version: '1.56.11',
  from: 'the Go module proxy',
  runs: 'streams from creation to deletion, fan-out, resharding and errors, over HTTP/1.1 and over TLS with HTTP/2',
  configuration: [
    environmentAlone,
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
export AWS_ENDPOINT_URL=https://localhost:4567 AWS_CA_BUNDLE=$PWD/ca.pem`,
    },
  ],
  toolchain: [['go', 'version']],
};
