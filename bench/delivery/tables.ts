import type { Table } from '../tables.ts';

/** What is measured of deliveries. */
export const deliveryTables: readonly Table[] = [
  {
    title: 'Flights into objects',
    note: 'Flights of vega-datasets as JSON, a record each, of four shards, that waited in the stream, in MB of these: from the start of the server on. The server of S3 is moto on the generator’s core; server and deliveries may use both.',
    rows: [
      { title: 'lines, gzip, chunks of 16 MiB', scenario: 'delivery-text' },
      { title: 'Parquet, Snappy, chunks of 64 MiB', scenario: 'delivery-parquet' },
    ],
    figures: ['directoryMegabytes', 'directoryMegabytesPerCpu', 'storeMegabytes', 'storeMegabytesPerCpu'],
  },
  {
    title: 'Puts beside a delivery',
    note: 'PutRecords with and without a delivery of 5 MiB/s of flights beside, and with and without one of the very records that are put, in pairs.',
    rows: [{ title: 'Millrace', scenario: 'delivery-beside' }],
    figures: ['putMegabytes', 'besideMegabytes', 'besideShare', 'ownMegabytes', 'ownShare'],
  },
  {
    title: 'Memory of a delivery',
    note: 'The most that is resident while a backlog is delivered in chunks of 64 MiB, less what a server at rest has, and less these 64 MiB.',
    rows: [{ title: 'Millrace', scenario: 'delivery-memory' }],
    figures: ['textOverMegabytes', 'gzipOverMegabytes', 'parquetOverMegabytes'],
  },
];
