import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { etagOf, type S3Object } from '../../harness/objects/s3-buckets.ts';

/**
 * Objects of a bucket as files of one folder, each whole or not there: a line of JSON with its headers, then
 * its bytes. The kernel has what a process that is killed has written.
 */
export class KeptObjects {
  readonly #folder: string;
  #writes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(key: string, object: S3Object | undefined): void {
    const path = join(this.#folder, encodeURIComponent(key));
    if (object === undefined) return rmSync(path);
    const unfinished = join(this.#folder, `${unfinishedStart}${process.pid}-${this.#writes++}`);
    const head = Buffer.from(`${JSON.stringify(object.headers)}\n`);
    writeFileSync(unfinished, Buffer.concat([head, object.body]));
    renameSync(unfinished, path);
  }

  /** By key, in the order of keys. */
  read(): Map<string, S3Object> {
    const names = readdirSync(this.#folder).filter((name) => !name.startsWith(unfinishedStart));
    const found = names.map((name): [string, S3Object] => {
      return [decodeURIComponent(name), objectIn(readFileSync(join(this.#folder, name)))];
    });
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** No key is encoded so: keys have no control characters. */
const unfinishedStart = '%00';

function objectIn(bytes: Buffer): S3Object {
  const end = bytes.indexOf(0x0a);
  const body = bytes.subarray(end + 1);
  return { headers: JSON.parse(bytes.toString('utf8', 0, end)), body, etag: etagOf(body) };
}
