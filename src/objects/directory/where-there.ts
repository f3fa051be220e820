import { type Disk, isSystemError } from '../../env/disk.ts';
import { ObjectStoreError } from '../../env/object-store.ts';

/** What `work` finds; undefined where there is no such file or folder, or something else of the name. */
export async function whereThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => isSystemError(error, code))) return undefined;
    throw error;
  }
}

/** Rejects with `NoSuchBucket` where a bucket has no folder. */
export async function requireBucket(disk: Disk, bucket: string): Promise<void> {
  const names = await whereThere(() => disk.list(bucket));
  if (names === undefined) throw new ObjectStoreError(`there is no bucket ${bucket}`, 'NoSuchBucket', false);
}
