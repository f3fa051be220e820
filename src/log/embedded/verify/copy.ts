import { type Disk, isSystemError } from '../../../env/disk.ts';

/**
 * Copies the files of a directory; directories in it are passed over. The copies are durable when it
 * resolves.
 */
export async function copyDirectory(
  from: Disk,
  to: Disk,
  path: string,
  names: readonly string[],
): Promise<void> {
  await to.createDirectory(path);
  for (const name of names) {
    try {
      await copyFile(from, to, `${path}/${name}`);
    } catch (error) {
      if (!isSystemError(error, 'EISDIR')) throw error;
    }
  }
  await to.syncDirectory(path);
}

/** The copy has its name for good once its directory is synced. */
export async function copyFile(from: Disk, to: Disk, path: string): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const source = await from.open(path, 'read');
  opened.defer(() => source.close());
  const buffer = Buffer.allocUnsafeSlow(stepBytes);
  let length = await source.read(buffer, 0);
  const copy = await to.open(path, 'create');
  opened.defer(() => copy.close());
  for (let position = 0; length > 0; length = await source.read(buffer, position)) {
    await copy.write([buffer.subarray(0, length)], position);
    position += length;
  }
  await copy.sync();
}

const stepBytes = 1024 * 1024;
