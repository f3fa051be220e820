import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { answerOf, type HonestCatalog } from '../../harness/iceberg/honest-catalog.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { createHttpClient } from '../../src/http/client.ts';
import type { CatalogSpec } from '../../src/iceberg/catalog-spec.ts';
import type { DataFile, IcebergCatalog, IcebergTable, NewTable } from '../../src/iceberg/iceberg-table.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { partitionValueOf } from '../../src/iceberg/partition-value.ts';
import { placeOf } from '../../src/iceberg/table-files.ts';
import { DirectoryStore } from '../../src/objects/directory/directory-store.ts';

/** A bucket `lake` in a folder of this machine, and tables of flights in it. */
export class Lake implements AsyncDisposable {
  readonly folder: string;
  readonly objects: ObjectStore;

  private constructor(folder: string, objects: ObjectStore) {
    this.folder = folder;
    this.objects = objects;
  }

  static async make(): Promise<Lake> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-lake-'));
    const disk = nodeDisk(folder);
    await disk.createDirectory('lake');
    return new Lake(folder, new DirectoryStore({ clock: nodeClock, random: nodeRandom(), disk }, 4));
  }

  open(spec: CatalogSpec = { kind: 'bucket', bucket: 'lake', prefix: '' }): IcebergCatalog {
    const { objects } = this;
    const client = createHttpClient();
    const world = { clock: nodeClock, random: nodeRandom(), objects, client };
    return openCatalog(spec, { ...world, signing: undefined, bearer: undefined });
  }

  /** Two flights an hour: the hour's delay, and that much too early. */
  async fly(table: IcebergTable, chunk: number): Promise<IcebergTable> {
    const file = await this.#put(table, chunk);
    const before = chunk === 1 ? undefined : String(chunk - 1);
    return await table.append([file], { writer: 'channel/1', before, marks: String(chunk) });
  }

  async #put(table: IcebergTable, chunk: number): Promise<DataFile> {
    const at = BigInt(Date.UTC(2026, 10, 29, chunk, 5)) * 1000n;
    const bytes = Buffer.from(
      parquetWriteBuffer({
        schema: parquetSchema,
        columnData: [
          { name: 'at', data: [at, at] },
          { name: 'carrier', data: ['AA', 'DL'] },
          { name: 'delay', data: [chunk, -chunk] },
        ],
      }),
    );
    const path = `${table.location}/data/chunk-${chunk}.parquet`;
    await this.objects.put(placeOf(path), [bytes]);
    const delays = { bytes: 50, values: 2, nulls: 0, lower: intOf(-chunk), upper: intOf(chunk) };
    return {
      path,
      bytes: bytes.length,
      records: 2,
      partition: partitionValueOf('hour', 'timestamptz', at),
      columns: new Map([[3, delays]]),
      splitOffsets: [4],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

export const flights = { namespace: 'flights', table: 'seen' };

export const newFlights: NewTable = {
  schema: {
    fields: [
      { id: 1, name: 'at', required: true, type: { kind: 'timestamptz' } },
      { id: 2, name: 'carrier', required: false, type: { kind: 'string' } },
      { id: 3, name: 'delay', required: false, type: { kind: 'int' } },
    ],
  },
  partition: { column: 'at', transform: 'hour' },
};

/** The rows of some chunks, as all programs print them. */
export function rowsOf(chunks: readonly number[]): readonly string[] {
  return chunks
    .flatMap((chunk) => {
      const at = `2026-11-29T${String(chunk).padStart(2, '0')}:05:00Z`;
      return [`row ${at} AA ${chunk}`, `row ${at} DL ${-chunk}`];
    })
    .sort();
}

export function rowsIn(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => line.startsWith('row '));
}

const parquetSchema: NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']> = [
  { name: 'root', num_children: 3 },
  {
    name: 'at',
    type: 'INT64',
    repetition_type: 'REQUIRED',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    field_id: 1,
  },
  {
    name: 'carrier',
    type: 'BYTE_ARRAY',
    repetition_type: 'OPTIONAL',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
    field_id: 2,
  },
  { name: 'delay', type: 'INT32', repetition_type: 'OPTIONAL', field_id: 3 },
];

function intOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** A REST catalog on a port of its own. */
export async function serveCatalog(
  catalog: HonestCatalog,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const path = new URL(request.url ?? '', 'http://catalog').pathname;
    const answer = answerOf(await catalog.handle(request.method ?? '', path, String(body)));
    response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
