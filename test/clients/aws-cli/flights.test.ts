import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { liveFilesOf } from '../../../harness/iceberg/table-reader.ts';
import { readMetadata } from '../../../src/iceberg/format/table-metadata.ts';
import { openObjectStore } from '../../../src/objects/open-object-store.ts';
import { nodeEnv } from '../../../src/server/node-env.ts';
import { CommandServer } from '../command-server.ts';
import { counted } from '../counted.ts';
import { bucketIn, eventually } from '../delivery-bucket.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram } from '../foreign-program.ts';

const installed = spawnSync('aws', ['--version']).status === 0;
const skip = (!installed && 'the AWS CLI is not installed') || onlyInFull;

/** The lines of docs/delivery.md that put flights into a table. */
function lines(): string {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/delivery.md'), 'utf8');
  return /<!-- ten lines -->\s+```sh\n(.*?)^```$/ms.exec(page)![1]!;
}

test('flights become an Iceberg table, as docs/delivery.md has it, line by line', { skip }, async (t) => {
  await using buckets = await mkdtempDisposable(join(tmpdir(), 'millrace-flights-'));
  await using server = await CommandServer.start(['--memory', ...bucketIn(buckets.path)]);
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const environment = {
    ...Object.fromEntries(others),
    ...{ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_PAGER: '', NO_PROXY: '127.0.0.1' },
  };
  // A user has installed vega-datasets.
  symlinkSync(resolve('node_modules'), join(buckets.path, 'node_modules'));
  const folder = pathToFileURL(`${buckets.path}/`);
  await runProgram({ command: ['bash', '-e', '-c', lines()], folder, environment, seconds: 600 });
  const metadata = join(buckets.path, 'lake/air/flights/metadata/v2.metadata.json');
  await eventually(() => existsSync(metadata), 'the table has rows');
  const paths = await filesOf(buckets.path, metadata);
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(*), sum(delay), count(DISTINCT origin) FROM read_parquet([${paths.join(', ')}])`,
  );
  const [row] = reader.getRows();
  connection.closeSync();
  const flights: readonly Flight[] = JSON.parse(
    readFileSync('node_modules/vega-datasets/data/flights-2k.json', 'utf8'),
  ).slice(0, 500);
  const delay = flights.reduce((sum, flight) => sum + flight.delay, 0);
  const origins = new Set(flights.map(({ origin }) => origin)).size;
  assert.deepEqual(row?.map(Number), [500, delay, origins]);
  counted(t, '500 of 500 flights in the table, and their delays');
});

type Flight = { readonly delay: number; readonly origin: string };

/** What the snapshot lists, as DuckDB is told. */
async function filesOf(folder: string, metadata: string): Promise<string[]> {
  const { clock, random, client, diskAt } = nodeEnv({ data: folder, logLevel: 'silent' });
  const settings = { url: String(pathToFileURL(folder)), region: 'us-east-1', credentials: undefined };
  const objects = openObjectStore({ clock, random, client, diskAt }, settings);
  const table = readMetadata(readFileSync(metadata, 'utf8'), metadata);
  return (await liveFilesOf(objects, table)).map(({ path }) => `'${path.replace('s3:/', folder)}'`);
}
