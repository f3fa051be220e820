import type { Millis } from '../../env/clock.ts';
import { isKey, keyBytesMax } from '../../objects/object-names.ts';
import type { NameContext } from './name-context.ts';
import type { CompiledNames } from './object-names.ts';

/** Keys of partitions, as a record has them. */
export type KeyedName = Pick<NameContext, 'queryKeys' | 'partitionKeys'>;

/**
 * Whether a store can have an object that is named with the keys of a partition: they come out of records,
 * which may say `..`. An object that no store takes would be tried for ever, and all that is behind it waits.
 * `partBytesMax` is what the store has of a part between slashes.
 */
export function fittingKeys(
  names: Pick<CompiledNames, 'nameOf'>,
  of: Pick<NameContext, 'owner' | 'streamName'>,
  partBytesMax: number | undefined,
): (keys: KeyedName, oldest: Millis) => boolean {
  const unique = { random: '', index: 0, extension: longestExtension };
  return ({ queryKeys, partitionKeys }, oldest) => {
    const key = names.nameOf({ ...of, ...unique, oldest, queryKeys, partitionKeys });
    if (!isKey(key) || Buffer.byteLength(key) > keyBytesMax) return false;
    return (
      partBytesMax === undefined || key.split('/').every((part) => Buffer.byteLength(part) <= partBytesMax)
    );
  };
}

/** Of those that follow from an object's form. */
const longestExtension = '.parquet';
