import { readdir, readFile } from 'node:fs/promises';

/** All files of a folder by their names, without the folders in it; none where there is no such folder. */
export async function readFolder(folder: URL): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await entriesOf(folder)) {
    if (entry.isFile()) files.set(entry.name, await readFile(new URL(entry.name, folder)));
  }
  return files;
}

async function entriesOf(folder: URL) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
