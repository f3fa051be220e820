import type { About } from '../about.ts';

export const about: About = {
  name: 'Apache Iceberg for Java',
  version: '1.12.0',
  from: 'Maven Central',
  runs: "a table of a bucket's catalog by `HadoopTables`: its rows, a scan that leaves files out by their bounds, and an append, rewritten manifests and expired snapshots between appends of Millrace",
  configuration: [
    {
      where: 'The program',
      language: 'java',
      lines: `Configuration configuration = new Configuration();
configuration.set("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");   // of hadoop-aws
Table table = new HadoopTables(configuration).load("s3://lake/flights/seen");`,
    },
  ],
  remarks: [
    'It commits by renaming, which is no comparison in S3: beside a delivery that runs it may read a table of a bucket, and write only to one of a REST catalog.',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
