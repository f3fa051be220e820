import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'boto3',
  version: '1.43.11',
  from: 'PyPI',
  runs: 'streams from creation to deletion, resharding and errors; leases in a table of DynamoDB; metrics in each protocol; users, roles and policies; functions of Lambda, their versions and their mappings to streams; encrypted streams with assumed roles',
  configuration: [environmentAlone],
  toolchain: [
    ['python3', '--version'],
    ['python3', '-c', 'import boto3; print("boto3", boto3.__version__)'],
  ],
};
