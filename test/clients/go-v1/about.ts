import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Go 1',
  version: '1.55.8',
  from: 'the Go module proxy',
  runs: 'a stream from its creation to its end: puts, reads, a subscription, a split, a merge, errors; also over TLS',
  configuration: [
    environmentAlone,
    {
      where: 'Program, for this version does not know AWS_ENDPOINT_URL',
      language: 'go',
      lines: `session.NewSession(&aws.Config{Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL"))})`,
    },
  ],
  remarks: ['AWS_CA_BUNDLE names the authority for an https:// endpoint.'],
  toolchain: [['go', 'version']],
};
