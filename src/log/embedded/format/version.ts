import { DamagedError, NewerFormatError } from '../../log.ts';

/** The version of all that the engine writes. The first had no place for keys, and was never released. */
export const formatVersion = 2;

/**
 * Requires what the file at `path` says of its version to be known. Whatever else it says may mean something
 * else in another one, so it is neither read nor changed.
 */
export function requireKnownVersion(version: number, path: string): void {
  if (version === formatVersion) return;
  if (version < formatVersion) throw new DamagedError(`${path} is of an older, unreleased format.`);
  throw new NewerFormatError(`${path} was written by a newer Millrace.`);
}
