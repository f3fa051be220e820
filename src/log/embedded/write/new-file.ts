import { type File, removeIfThere } from '../../../env/disk.ts';
import type { EngineParts } from '../engine-parts.ts';

/** What the name of a file ends with until it is whole. */
export const unfinished = '.new';

/** A new file, durable under `path` and what marks it as unfinished. Rejects with the system's error. */
export async function createFile(
  engine: EngineParts,
  path: string,
  buffers: readonly Buffer[],
): Promise<File> {
  const { disk } = engine.env;
  // An earlier attempt may have failed half way.
  await removeIfThere(disk, path + unfinished);
  const file = await disk.open(path + unfinished, 'create');
  try {
    await file.write(buffers, 0);
  } catch (error) {
    await file.close();
    throw error;
  }
  await engine.makeDurable(path, () => file.sync());
  return file;
}

/**
 * Writes a file of a directory anew. After a crash it is the old one or the new one. Rejects with the
 * system's error.
 */
export async function replaceFile(
  engine: EngineParts,
  directory: string,
  name: string,
  buffers: readonly Buffer[],
): Promise<void> {
  const { disk } = engine.env;
  const path = `${directory}/${name}`;
  await engine.requireOwnership();
  const file = await createFile(engine, path, buffers);
  await file.close();
  await disk.rename(path + unfinished, path);
  await engine.syncDirectory(directory);
}
