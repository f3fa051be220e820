import type { SigningCredentials } from '../access/sigv4/sign.ts';
import { Bounded } from '../env/bounded.ts';
import { environmentVariable } from '../env/environment.ts';
import type { ObjectStore } from '../env/object-store.ts';
import { type ObjectsWorld, openObjectStore } from '../objects/open-object-store.ts';
import type { ObjectOptions } from './object-options.ts';

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

/**
 * Where a service is, as AWS's SDKs find it (AWS SDKs and Tools reference guide, "Service-specific
 * endpoints"). A variable that is empty says nothing.
 */
export function endpointVariable(service: string): string | undefined {
  return environmentVariable(`AWS_ENDPOINT_URL_${service}`) || undefined;
}

/** Who other services of AWS's kind are called by. */
export function credentialsInVariables(): SigningCredentials | undefined {
  const accessKeyId = environmentVariable('AWS_ACCESS_KEY_ID');
  const secretAccessKey = environmentVariable('AWS_SECRET_ACCESS_KEY');
  if (!accessKeyId || !secretAccessKey) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: environmentVariable('AWS_SESSION_TOKEN') || undefined,
  };
}
