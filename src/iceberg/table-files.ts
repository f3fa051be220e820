import type { ObjectPlace } from '../env/object-store.ts';
import { IcebergError } from './iceberg-table.ts';

/**
 * Where an object lies: `s3://bucket/key`, and what Hadoop calls the same. Throws `IcebergError`,
 * `BadLocation`.
 */
export function placeOf(location: string): ObjectPlace {
  const parts = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(location);
  if (parts === null) {
    throw new IcebergError(`${location} is no object in a store: s3://bucket/key is`, 'BadLocation', false);
  }
  return { bucket: parts[1]!, key: parts[2]! };
}

/** Without the slash that some end in. */
export function folderOf(location: string): string {
  return location.replace(/\/+$/, '');
}
