import { DamagedError, NewerFormatError } from '../../log.ts';

/** The version of all that the engine writes. The first had no place for keys, and was never released. */
export const formatVersion = 2;

/**
 * Requires the version that the file at `path` states to be known. In another version the rest of the file
 * may mean something else, so it is neither read nor changed.
 */
export function requireKnownVersion(version: number, path: string): void {
  if (version === formatVersion) return;
  if (version < formatVersion) throw new DamagedError(`${path} is of an older, unreleased format.`);
  throw new NewerFormatError(`${path} was written by a newer Millrace.`);
}
