import type { About } from '../about.ts';

export const about: About = {
  name: 'A project of the Serverless Framework',
  version: 'its `serverless.yml`, version 4',
  from: 'a folder',
  runs: 'its handler, on a stream, with one command and without the framework; a changed file counts from the next record on, and nothing is left behind',
  configuration: [
    {
      where: 'In the folder of the project',
      language: 'sh',
      lines: 'npx millrace function run . --stream orders',
    },
  ],
  toolchain: [],
};
