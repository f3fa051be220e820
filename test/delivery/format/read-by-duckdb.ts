import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@duckdb/node-api';
import type { FinishedObject } from '../../../src/delivery/format/object-writer.ts';

/** What DuckDB reads in files of Parquet, as JSON: whole numbers of 64 bits and decimals are strings. */
export type DuckReader = AsyncDisposable & {
  /** `file` stands for the object in the query. */
  query(object: FinishedObject, query: string): Promise<Record<string, Json>[]>;
};

export async function openDuckReader(): Promise<DuckReader> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parquet-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  let files = 0;
  return {
    async query(object, query) {
      files += 1;
      const path = join(folder, `${files}.parquet`);
      await writeFile(path, object.bytes);
      const reader = await connection.runAndReadAll(query.replaceAll('file', `'${path}'`));
      return reader.getRowObjectsJson();
    },
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true });
    },
  };
}
