import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ParquetObject } from '../../../src/delivery/format/parquet-object.ts';
import { openRows, recordsOf } from '../../delivery/format/rows-in-parquet.ts';
import { counted } from '../counted.ts';
import { onKafka, onlyInFull } from '../extent.ts';
import { runProgram } from '../foreign-program.ts';
import { pythonPackages } from '../python-packages.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (onKafka && 'no server is asked') || (await pythonPackages(folder));
const flights = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const flightsMax = 1_000_000;

/** How many cells PyArrow found to be those of the other file. */
async function agreeing(object: ParquetObject, directory: string, other: string): Promise<number> {
  const path = join(directory, 'ours.parquet');
  await writeFile(path, (await object.finish()).bytes);
  const command = ['build/bin/python', 'agrees.py', path, other] as const;
  return Number(await runProgram({ command, folder, seconds: 300 }));
}

test('PyArrow reads a million flights as they were', { skip }, async (t) => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'millrace-pyarrow-'));
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = {
    date: 'timestamp',
    delay: 'int',
    distance: 'bigint',
    origin: 'string',
    destination: 'string',
  };
  const object = openRows(columns);
  const rows = await connection.stream(`select to_json(f)::varchar from '${flights}' f limit ${flightsMax}`);
  for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk()) {
    const refused = await object.add(recordsOf(...(chunk.getColumnValues(0) as string[])));
    assert.deepEqual(refused, []);
  }
  connection.closeSync();
  assert.equal(object.records, flightsMax);
  const cells = await agreeing(object, directory.path, flights);
  assert.equal(cells, flightsMax * Object.keys(columns).length);
  counted(t, `${cells.toLocaleString('en')} cells agree`);
});

test('PyArrow reads every type, nesting and null, in each compression', { skip }, async (t) => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'millrace-pyarrow-'));
  const columns = {
    flag: 'boolean',
    int: 'int',
    long: 'bigint',
    real: 'double',
    text: 'string',
    bytes: 'binary',
    day: 'date',
    at: 'timestamp',
    price: 'decimal(9,2)',
    total: 'decimal(18,4)',
    huge: 'decimal(38,10)',
    list: 'array<struct<a:int,b:array<string>>>',
    map: 'map<string,array<double>>',
    deep: 'struct<m:map<string,struct<x:boolean>>>',
  };
  const full = {
    ...{
      flag: true,
      int: -2_147_483_648,
      long: 9_007_199_254_740_991,
      real: 5e-324,
      text: 'žluťoučký 🐎\u0000',
      bytes: 'AP8=',
    },
    ...{ day: '0001-01-01', at: '9999-12-31T23:59:59.999999', price: '-9999999.99', total: '0.0001' },
    huge: '9999999999999999999999999999.9999999999',
    list: [{ a: 1, b: ['x', null, ''] }, null, { a: null, b: [] }],
    map: { k: [1.5, null], n: null },
    deep: { m: { y: { x: false }, z: null } },
  };
  const empty = Object.fromEntries(Object.keys(columns).map((name) => [name, null]));
  const nearly = { ...empty, list: [], map: {}, deep: { m: null } };
  const asRead = { ...full, map: Object.entries(full.map), deep: { m: Object.entries(full.deep.m) } };
  const rows = [asRead, empty, { ...nearly, map: [] }];
  await writeFile(join(directory.path, 'rows.json'), JSON.stringify(rows.concat(rows, rows)));
  let cells = 0;
  for (const compression of ['NONE', 'SNAPPY', 'GZIP', 'ZSTD'] as const) {
    const object = openRows(columns, { compression, pageBytes: 1 });
    const records = recordsOf(full, {}, nearly);
    assert.deepEqual(await object.add(records.concat(records, records)), []);
    cells += await agreeing(object, directory.path, join(directory.path, 'rows.json'));
  }
  assert.equal(cells, 4 * 9 * Object.keys(columns).length);
  counted(t, `${cells} cells agree`);
});
