import { createReadStream } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { readFile } from './disk.ts';
import { nodeDisk } from './node-disk.ts';

/** A file that the user names, wherever it is; relative paths start where the server was started. */
export async function readUserFile(path: string): Promise<Buffer> {
  const absolute = resolve(path);
  return await readFile(nodeDisk(dirname(absolute)), basename(absolute));
}

/** The text of such a file. Rejects with an error that says so when other users may read it. */
export async function readPrivateFile(path: string): Promise<string> {
  const absolute = resolve(path);
  const disk = nodeDisk(dirname(absolute));
  const bytes = await readFile(disk, basename(absolute));
  if (!(await disk.isOpenToOthers(basename(absolute)))) return String(bytes);
  throw new Error(`other users may read it, which chmod 600 ${path} ends`);
}

/** Such a file in pieces, whatever its size; it may be a pipe. Rejects with the system's error. */
export async function* readUserPieces(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(resolve(path));
}
