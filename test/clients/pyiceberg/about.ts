import type { About } from '../about.ts';

export const about: About = {
  name: 'PyIceberg',
  version: '0.12.0',
  from: 'PyPI',
  runs: "a table of a bucket's catalog by `StaticTable`: its rows, and a scan that leaves files out by their bounds; and a table of a REST catalog, with appends, a deletion and expired snapshots between appends of Millrace",
  configuration: [
    {
      where: 'A table of a bucket',
      language: 'python',
      lines: `from pyiceberg.table import StaticTable

table = StaticTable.from_metadata("s3://lake/flights/seen", {"s3.endpoint": "http://localhost:9000"})
print(table.scan(row_filter="delay > 60").to_arrow())`,
    },
  ],
  toolchain: [['python3', '--version']],
};
