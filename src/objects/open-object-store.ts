import { fileURLToPath } from 'node:url';
import type { SigningCredentials } from '../access/sigv4/sign.ts';
import type { Clock } from '../env/clock.ts';
import type { Disk } from '../env/disk.ts';
import type { HttpClient } from '../env/http-client.ts';
import type { ObjectStore } from '../env/object-store.ts';
import type { Random } from '../env/random.ts';
import { DirectoryStore } from './directory/directory-store.ts';
import { S3Store } from './s3/s3-store.ts';

/** What a store of objects is reached with. */
export type ObjectsWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: HttpClient;
  /** A folder of this machine, by its absolute path. */
  readonly diskAt: (folder: string) => Disk;
};

export type ObjectStoreSettings = {
  /**
   * `http:` or `https:`, of S3 or of what speaks like it; or `file:///DIR`, whose folders are the buckets.
   */
  readonly url: string;
  /** What requests are signed for, until the store says that a bucket is in another region. */
  readonly region: string;
  /** Who asks; undefined without credentials, and then a store that is no directory refuses everything. */
  readonly credentials: SigningCredentials | undefined;
  /**
   * Whether the bucket is in the path or in front of the host. Undefined: in front where the host is AWS's,
   * else in the path.
   */
  readonly style?: BucketStyle | undefined;
  /** How often a request is sent before it is given up. Four times unless it says. */
  readonly triesMax?: number;
};

export type BucketStyle = 'path' | 'virtual';

/** A store at a URL. Nothing is asked yet. */
export function openObjectStore(world: ObjectsWorld, settings: ObjectStoreSettings): ObjectStore {
  const { url, triesMax = usualTriesMax } = settings;
  if (!url.startsWith('file:')) return new S3Store(world, { ...settings, triesMax });
  return new DirectoryStore({ ...world, disk: world.diskAt(fileURLToPath(url)) }, triesMax);
}

/** With the pauses between them, three failures in a row take up to 1.4 s. */
const usualTriesMax = 4;
