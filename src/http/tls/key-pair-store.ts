import { type Disk, isSystemError, readFile, removeIfThere } from '../../env/disk.ts';
import { faultOf, type KeyPair } from './key-pair.ts';

/** Where pairs are kept, by name. */
export interface KeyPairStore {
  /** Undefined when there is none, or what is there is of no use. */
  load(name: string): Promise<KeyPair | undefined>;
  /** Replaces the pair of that name. Once it resolves the new one survives a power cut. */
  store(name: string, pair: KeyPair): Promise<void>;
}

/** Pairs that are gone when the process ends. */
export function memoryStore(): KeyPairStore {
  const pairs = new Map<string, KeyPair>();
  return {
    load: async (name) => pairs.get(name),
    store: async (name, pair) => {
      pairs.set(name, pair);
    },
  };
}

/**
 * Pairs in a directory of the disk, `server.pem` and `server-key.pem` for example. A crash between the two
 * files leaves two that do not fit together; such a pair is of no use, and the caller makes another.
 */
export function diskStore(disk: Disk, directory: string): KeyPairStore {
  const paths = (name: string) => ({
    key: `${directory}/${name}-key.pem`,
    certificate: `${directory}/${name}.pem`,
  });
  return {
    async load(name) {
      const { key, certificate } = paths(name);
      try {
        const pair = { key: await read(disk, key), certificate: await read(disk, certificate) };
        return faultOf(pair) === undefined ? pair : undefined;
      } catch (error) {
        if (isSystemError(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    async store(name, pair) {
      const { key, certificate } = paths(name);
      await disk.createDirectory(directory);
      await replace(disk, key, pair.key);
      await replace(disk, certificate, pair.certificate);
      await disk.syncDirectory(directory);
    },
  };
}

async function read(disk: Disk, path: string): Promise<string> {
  return String(await readFile(disk, path));
}

/** The path has the old text or the new one, whole, whenever the process ends. */
async function replace(disk: Disk, path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  await removeIfThere(disk, fresh);
  const file = await disk.open(fresh, 'create');
  try {
    await file.write([Buffer.from(text)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(fresh, path);
}
