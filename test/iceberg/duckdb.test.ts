import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import { readMetadata } from '../../src/iceberg/format/table-metadata.ts';
import { flights, Lake, newFlights } from '../clients/iceberg-tables.ts';

test('DuckDB reads the files that the metadata of a table lists, and counts what the metadata counts', async () => {
  await using lake = await Lake.make();
  let table = await lake.open().create(flights, newFlights);
  for (const chunk of [1, 2, 3]) table = await lake.fly(table, chunk);
  const key = 'flights/seen/metadata/v4.metadata.json';
  const found = await lake.objects.get({ bucket: 'lake', key });
  const metadata = readMetadata(String(found?.body), key);
  const files = await liveFilesOf(lake.objects, metadata);
  const paths = files.map(({ path }) => `'${path.replace('s3:/', lake.folder)}'`);
  const connection = await (await DuckDBInstance.create()).connect();
  const question = `SELECT count(*) AS flights, sum(delay * delay) AS squares, min(epoch_us("at")) AS first
    FROM read_parquet([${paths.join(', ')}])`;
  const reader = await connection.runAndReadAll(question);
  const [[count, squares, first] = []] = reader.getRows();
  connection.closeSync();
  assert.equal(count, BigInt(metadata.snapshots?.at(-1)?.summary?.['total-records'] ?? 0));
  assert.deepEqual([count, squares], [6n, 2n * (1n + 4n + 9n)]);
  // The partition that the metadata has is the hour of what is in the file.
  const hours = files.map(({ partition: [hour] }) => Number(hour));
  assert.equal(Math.min(...hours), Number(first) / 3_600_000_000 - 5 / 60);
});
