import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS CLI',
  version: '1.45.11',
  from: 'PyPI',
  runs: 'streams from creation to deletion, resharding; secrets with KMS keys; leases in a table of DynamoDB; metrics; a user, a role, and a profile that takes it; the tutorial of Lambda for Kinesis',
  configuration: [environmentAlone],
  toolchain: [['aws', '--version']],
};
