import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { MapStore } from '../../harness/iceberg/map-store.ts';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import type { S3Object } from '../../harness/objects/s3-buckets.ts';
import { readMetadata } from '../../src/iceberg/format/table-metadata.ts';
import { bucket, errorFolderOf, type TorturedDelivery } from './tortured-delivery.ts';

type Objects = ReadonlyMap<string, S3Object>;

/** A record as an object, a file of a table, or an object of errors has it. */
export type Delivered = { readonly text: string; readonly key: string; readonly isError: boolean };

/** What objects have, by their ETags: they are many, and are read over and over. */
export class DeliveredTexts {
  readonly #read = new Map<string, readonly string[]>();

  /** All records of a delivery, each as often as the bucket has it. */
  async of({ name, folder, form }: TorturedDelivery, objects: Objects): Promise<Delivered[]> {
    const delivered: Delivered[] = [];
    const keys = form === 'table' ? await filesOfTable(folder, objects) : below(folder, objects);
    for (const key of keys) {
      const texts = await this.#texts(key, objects, form === 'lines' ? linesIn : rowsIn);
      for (const text of texts) delivered.push({ text, key, isError: false });
    }
    for (const key of below(errorFolderOf(name), objects))
      for (const text of await this.#texts(key, objects, errorsIn))
        delivered.push({ text, key, isError: true });
    return delivered;
  }

  async #texts(key: string, objects: Objects, read: Reading): Promise<readonly string[]> {
    const object = objects.get(key);
    if (object === undefined) throw new Error(`a table has a file that is not there: ${key}`);
    const of = `${key} ${object.etag}`;
    const texts = this.#read.get(of) ?? (await read(object.body));
    this.#read.set(of, texts);
    return texts;
  }
}

type Reading = (body: Buffer) => readonly string[] | Promise<readonly string[]>;

function below(folder: string, objects: Objects): string[] {
  return [...objects.keys()].filter((key) => key.startsWith(folder));
}

function linesIn(body: Buffer): string[] {
  const lines = gunzipSync(body).toString().split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Rows as the text that they were put as. */
async function rowsIn(body: Buffer): Promise<string[]> {
  const file = new Uint8Array(body).buffer;
  const rows = await parquetReadObjects({ file });
  return rows.map(({ id, origin, delay, distance }) =>
    JSON.stringify({ id, origin, delay: Number(delay), distance: Number(distance) }),
  );
}

function errorsIn(body: Buffer): string[] {
  const lines = body.toString().split('\n').slice(0, -1);
  return lines.map((line) => refusedText(JSON.parse(line)));
}

/** A channel to a table says of what it refuses only which record it is: the key of poison has its id. */
function refusedText({ rawData, partitionKey }: { rawData?: string; partitionKey: string }): string {
  if (rawData !== undefined) return Buffer.from(rawData, 'base64').toString();
  const id = /^(\S+) is/.exec(partitionKey)?.[1];
  return id === undefined ? partitionKey : `${id} is poison`;
}

/** Keys of the data files that the newest version of its metadata leads to; none before there is one. */
async function filesOfTable(folder: string, objects: Objects): Promise<string[]> {
  const start = `${folder}metadata/v`;
  const numbers = below(start, objects)
    .map((key) => /^v(\d+)\.metadata\.json$/.exec(key.slice(start.length - 1))?.[1])
    .filter((number) => number !== undefined);
  if (numbers.length === 0) return [];
  const path = `${start}${Math.max(...numbers.map(Number))}.metadata.json`;
  const store = new MapStore();
  for (const key of below(folder, objects)) store.objects.set(`${bucket}/${key}`, objects.get(key)!.body);
  const metadata = readMetadata(objects.get(path)!.body.toString(), path);
  const files = await liveFilesOf(store, metadata);
  return files.map((file) => file.path.slice(`s3://${bucket}/`.length));
}
