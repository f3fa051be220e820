import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Rust',
  version: 'aws-sdk-kinesis 1.130.0',
  from: 'crates.io',
  runs:
    'a stream from its creation to its end: puts, five ways to read, a subscription over HTTP/1.1, a split, ' +
    'a merge, errors',
  configuration: [environmentAlone],
  remarks: [
    'With `https://`, the SDK trusts what the operating system does: add the authority there, or give the HTTP client a trust store.',
  ],
  toolchain: [
    ['cargo', '--version'],
    ['rustc', '--version'],
  ],
};
