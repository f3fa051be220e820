import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Java 2, Firehose',
  version: '2.57.8',
  from: 'Maven Central',
  runs: 'all twelve operations of Firehose by `FirehoseClient` and `FirehoseAsyncClient`: a delivery stream with its encryption, tags, an update of its destination and 501 puts, all of which are in the bucket',
  configuration: [environmentAlone],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
