import { basename, dirname, resolve } from 'node:path';
import { readFile } from './disk.ts';
import { nodeDisk } from './node-disk.ts';

/** A file that the user names, wherever it is; relative paths start where the server was started. */
export async function readUserFile(path: string): Promise<Buffer> {
  const absolute = resolve(path);
  return await readFile(nodeDisk(dirname(absolute)), basename(absolute));
}
