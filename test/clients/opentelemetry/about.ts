import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: "OpenTelemetry Collector's Kinesis exporter",
  version: '0.130.0',
  from: 'the Go module proxy',
  runs: 'the exporter by itself sends a log of numbered lines',
  configuration: [
    environmentAlone,
    {
      where: "The collector's configuration",
      language: 'yaml',
      lines: `exporters:
  awskinesis:
    aws:
      stream_name: logs
      region: us-east-1`,
    },
  ],
  remarks: [
    'AWS_CA_BUNDLE names the authority for an https:// endpoint.',
    '`kinesis_endpoint` under `aws` does what AWS_ENDPOINT_URL does.',
  ],
  toolchain: [['go', 'version']],
};
