import { Bounded } from '../env/bounded.ts';
import type { ObjectStore } from '../env/object-store.ts';
import { type ObjectsWorld, openObjectStore } from '../objects/open-object-store.ts';
import type { ObjectOptions } from './object-options.ts';
import { credentialsInVariables, endpointVariable } from './variables.ts';

/** The store of objects, asked as one of a region; undefined where nothing says where it is. */
export type ObjectStores = (region: string) => ObjectStore | undefined;

/**
 * The store that options and the environment name. `triesMax` is for callers that try again themselves. What
 * a store learns of buckets is kept for the next caller.
 */
export function objectStores(
  { s3, s3Style }: ObjectOptions,
  world: ObjectsWorld,
  { triesMax }: { readonly triesMax?: number } = {},
): ObjectStores {
  const url = s3 ?? endpointVariable('S3');
  const credentials = credentialsInVariables();
  const opened = new Bounded<string, ObjectStore>(regionsMax);
  return (region) => {
    if (url === undefined) return undefined;
    const known = opened.get(region);
    if (known !== undefined) return known;
    const tries = triesMax === undefined ? {} : { triesMax };
    const store = openObjectStore(world, { url, region, credentials, style: s3Style, ...tries });
    opened.set(region, store);
    return store;
  };
}

/** More than AWS has. */
const regionsMax = 64;
