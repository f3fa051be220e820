import { readFileSync, statSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip with files of a folder, under their names and with their modes. */
export async function zipOf(folder: URL, ...names: readonly string[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const name of names) {
    const file = new URL(name, folder);
    zip.addBuffer(readFileSync(file), name.split('/').at(-1)!, { mode: statSync(file).mode });
  }
  zip.end();
  return await buffer(zip.outputStream);
}
