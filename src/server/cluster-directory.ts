import { type Disk, isSystemError, namesIn, readFile } from '../env/disk.ts';
import { StartError } from '../env/start-error.ts';
import type { ServerOptions } from './options.ts';

/**
 * Has the data directory belong to a server of a cluster: what that keeps for itself is in it, and no stream.
 * Rejects with `StartError` for a directory with streams, and for that of another cluster.
 */
export async function joinWithDirectory(
  { data, cluster }: Pick<ServerOptions, 'data' | 'cluster'>,
  disk: Disk,
): Promise<void> {
  const names = await namesIn(disk, '.');
  if (names.includes('catalog')) {
    throw new StartError(
      `the data directory ${data} has streams, which a server on Kafka would not serve: name another one`,
    );
  }
  const known = await clusterOf(disk);
  if (known === cluster) return;
  if (known !== undefined && known !== '') {
    throw new StartError(`the data directory ${data} is of a server of the cluster ${known}, not ${cluster}`);
  }
  await write(disk, cluster);
}

/**
 * The cluster of the server that a data directory is of; undefined for one that has its streams in it. It is
 * empty when a crash came as the directory was made.
 */
export async function clusterOf(disk: Disk): Promise<string | undefined> {
  try {
    return String(await readFile(disk, markFile)).trim();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function write(disk: Disk, cluster: string): Promise<void> {
  const mode = (await namesIn(disk, '.')).includes(markFile) ? 'write' : 'create';
  const file = await disk.open(markFile, mode);
  try {
    await file.write([Buffer.from(`${cluster}\n`)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.syncDirectory('.');
}

/** Its name in the data directory. */
const markFile = 'cluster';
