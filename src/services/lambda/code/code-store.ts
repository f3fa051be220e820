/**
 * Zips of functions, durable, by the hash of their bytes: each is a stream of its own in the engine of the
 * services, so that nothing of it is in memory. Which there are the journal says.
 */
export interface CodeStore {
  /**
   * Resolves once it is durable. `sha256` is in hex. Repeating it is harmless. Whoever has put one has an
   * hour to commit what needs it. Rejects with `ServiceError` CodeStorageExceededException when there is no
   * room.
   */
  put(sha256: string, zip: Uint8Array): Promise<void>;
  /** Rejects with `DamagedError` when it is not what was put, or not there any more. */
  get(sha256: string): Promise<Buffer>;
  /** Forgets what no function and no version needs any more, an hour after it was put. */
  sweep(): Promise<void>;
  /** What all zips take, in bytes. */
  readonly bytes: number;
}

/** The most bytes of a zip in a request, and of its files (Lambda quotas, "Deployment package"). */
export const zipBytesMax = 50 * 1024 * 1024;
export const unzippedBytesMax = 250 * 1024 * 1024;

/** The most bytes of all zips of an account and region (Lambda quotas, "Storage for uploaded functions"). */
export const codeBytesMax = 75 * 1024 ** 3;

/** The same where all is in memory. */
export const codeInMemoryBytesMax = 512 * 1024 * 1024;
