import { crc32 } from 'node:zlib';
import type { Disk } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { ArchiveStore } from '../../log/embedded/archive/archive-store.ts';

/** An object that is to be a file: so many bytes, with this CRC-32. */
type FileSource = { readonly object: string; readonly bytes: number; readonly crc: number };

/**
 * Writes an object to a new file, which is durable when it resolves, its name aside. `onBytes` is told of
 * each step. Rejects with `StartError` when the object is not what it was, and as the store does.
 */
export async function downloadFile(
  store: ArchiveStore,
  { object, bytes, crc }: FileSource,
  disk: Disk,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const file = await disk.open(path, 'create');
  try {
    let found = 0;
    for (let start = 0; start < bytes; start += stepBytes) {
      const end = Math.min(bytes, start + stepBytes);
      const part = await store.part(object, { start, end });
      if (part?.body.length !== end - start) throw changed(store, object);
      found = crc32(part.body, found);
      await file.write([part.body], start);
      onBytes(end - start);
    }
    if (found !== crc) throw changed(store, object);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes a new file, as above. */
export async function writeFile(disk: Disk, path: string, buffers: readonly Buffer[]): Promise<void> {
  const file = await disk.open(path, 'create');
  try {
    await file.write(buffers, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

function changed(store: ArchiveStore, object: string): StartError {
  return new StartError(`${store.textOf(object)} is not what was put there, or is gone`);
}

const stepBytes = 4 * 1024 * 1024;
