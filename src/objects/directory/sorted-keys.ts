import type { Disk } from '../../env/disk.ts';
import { compareKeys } from '../object-names.ts';
import { segmentOf } from './file-names.ts';
import { whereThere } from './where-there.ts';

/** A file, by the key of its object and by its path on the disk. */
export type KeyedFile = { readonly key: string; readonly path: string };

/**
 * The files of a folder and of those in it whose keys are behind `after`, in the order of their keys.
 * `parentKey` is the folder's own, with a slash at its end; empty for a bucket.
 */
export async function* sortedKeys(
  disk: Disk,
  folder: string,
  parentKey: string,
  after: string,
): AsyncGenerator<KeyedFile> {
  const entries = entriesOf((await whereThere(() => disk.list(folder))) ?? [], folder, parentKey);
  /** Folders whose turn has not come: `a.txt` is before `a/b`, though `a` is before `a.txt`. */
  const folders: KeyedFile[] = [];
  for (const entry of entries) {
    yield* foldersBefore(entry.key);
    // `0` is the byte after the slash: all that is in a folder of this name is before it.
    if (compareKeys(`${entry.key}0`, after) <= 0) continue;
    if (await isFolder(disk, entry.path)) folders.push({ ...entry, key: `${entry.key}/` });
    else if (compareKeys(entry.key, after) > 0) yield entry;
  }
  yield* foldersBefore(undefined);

  async function* foldersBefore(key: string | undefined): AsyncGenerator<KeyedFile> {
    folders.sort((left, right) => compareKeys(left.key, right.key));
    while (folders.length > 0 && (key === undefined || compareKeys(folders[0]!.key, key) < 0)) {
      const next = folders.shift()!;
      yield* sortedKeys(disk, next.path, next.key, after);
    }
  }
}

function entriesOf(names: readonly string[], folder: string, parentKey: string): KeyedFile[] {
  const entries: KeyedFile[] = [];
  for (const name of names) {
    const segment = segmentOf(name);
    if (segment !== undefined) entries.push({ key: parentKey + segment, path: `${folder}/${name}` });
  }
  return entries.sort((left, right) => compareKeys(left.key, right.key));
}

async function isFolder(disk: Disk, path: string): Promise<boolean> {
  return (await whereThere(() => disk.list(path))) !== undefined;
}
