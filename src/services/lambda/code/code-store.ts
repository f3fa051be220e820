/**
 * Zips of functions, durable, by the hash of their bytes: each is a stream of its own in the engine of the
 * services, so that nothing of it is in memory.
 */
export interface CodeStore {
  /**
   * Resolves once it is durable. `sha256` is in hex. Repeating it is harmless. Rejects with `ServiceError`
   * CodeStorageExceededException when there is no room.
   */
  put(sha256: string, zip: Uint8Array): Promise<void>;
  /** Rejects with `DamagedError` when it is not what was put. */
  get(sha256: string): Promise<Buffer>;
  /** Forgets what no version needs any more, by a durable state: `isNeeded` is asked for each hash. */
  sweep(isNeeded: (sha256: string) => boolean): Promise<void>;
}

/** The most bytes of a zip in a request, and of its files (Lambda quotas, "Deployment package"). */
export const zipBytesMax = 50 * 1024 * 1024;
export const unzippedBytesMax = 250 * 1024 * 1024;
