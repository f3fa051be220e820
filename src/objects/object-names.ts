import { type ObjectPlace, ObjectStoreError } from '../env/object-store.ts';

/**
 * Refuses names that are no object's: longer than 1,024 bytes (S3 user guide, "Naming Amazon S3 objects"),
 * not to be written in UTF-8, or with a segment `.` or `..`, which paths and URLs would not keep as it is.
 */
export function requireNames({ bucket, key }: ObjectPlace): void {
  requireBucketName(bucket);
  if (!isKey(key))
    throw new ObjectStoreError(`no object can have the key '${key}'`, 'InvalidArgument', false);
  if (Buffer.byteLength(key) > keyBytesMax) {
    throw new ObjectStoreError(
      `the key ${key} is longer than ${keyBytesMax} bytes`,
      'KeyTooLongError',
      false,
    );
  }
}

/** Whether there can be an object of the name in every store, as far as it does not depend on its length. */
export function isKey(key: string): boolean {
  return key !== '' && key.isWellFormed() && !key.includes('\0') && !hasDots(key);
}

/** Whether some part of it is this folder, or the one above. */
export function hasDots(path: string): boolean {
  return path.split('/').some((segment) => segment === '.' || segment === '..');
}

/** Buckets of before 2018 may have capitals, underscores and 255 characters. */
export function requireBucketName(bucket: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/.test(bucket)) return;
  throw new ObjectStoreError(`no bucket can be called '${bucket}'`, 'InvalidBucketName', false);
}

export const keyBytesMax = 1024;

/** Refuses to hold more of an object in memory than is thought of. */
export function requireToFit(bytes: number, { bucket, key }: ObjectPlace): void {
  if (bytes <= readBytesMax) return;
  const message = `${bytes} bytes of ${bucket}/${key} are more than ${readBytesMax}: read it in ranges`;
  throw new ObjectStoreError(message, 'EntityTooLarge', false);
}

export const readBytesMax = 256 * 1024 * 1024;

/** S3 has keys in the order of their bytes in UTF-8, which is not that of UTF-16. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
