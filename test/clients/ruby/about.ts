import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDKs for Ruby',
  version: 'aws-sdk 1.67.0, aws-sdk-core 3.168.1',
  from: "Debian's packages",
  runs:
    'with v1 a stream with a split, a table of leases in the older form of conditions, and a metric; with v3, ' +
    'of which Debian has no client of Kinesis, STS and KMS',
  configuration: [
    environmentAlone,
    {
      where: 'Program, v3 (these versions do not know AWS_ENDPOINT_URL)',
      language: 'ruby',
      lines: `Aws.config.update(endpoint: ENV['AWS_ENDPOINT_URL'])`,
    },
    {
      where: 'Program, v1',
      language: 'ruby',
      lines: `AWS.config(use_ssl: false, kinesis_endpoint: 'localhost', kinesis_port: 4567)`,
    },
  ],
  remarks: ['RubyGems was not to be reached, so a newer aws-sdk-kinesis was not run.'],
  toolchain: [],
};
