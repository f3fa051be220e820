import type { Env } from '../../env/env.ts';
import { environmentVariable } from '../../env/environment.ts';
import { StartError } from '../../env/start-error.ts';
import { type ArchiveOptions, ArchiveStore } from '../../log/embedded/archive/archive-store.ts';
import { archivePlaceIn } from '../../log/embedded/archive/object-names.ts';
import { openObjectStore } from '../../objects/open-object-store.ts';
import type { ServerOptions } from '../options.ts';
import { credentialsInVariables, endpointVariable } from '../variables.ts';

type World = Pick<Env, 'clock' | 'random' | 'client' | 'diskAt'>;

/**
 * The archive that the options name. Nothing is asked yet. Throws `StartError` when there is no store for it.
 */
export function openArchive(
  settings: Pick<ServerOptions, 'archiveAfter' | 's3' | 'region'> & { readonly archive: string },
  world: World,
): ArchiveOptions {
  return { store: archiveIn(settings, world), afterMs: settings.archiveAfter * 1000 };
}

/** The objects of an archive. Throws `StartError` as above. */
export function archiveIn(
  settings: Pick<ServerOptions, 's3' | 'region'> & { readonly archive: string },
  { diskAt = noDisk, ...world }: World,
): ArchiveStore {
  const place = archivePlaceIn(settings.archive);
  if (place === undefined) throw new StartError('--archive must be s3://BUCKET or s3://BUCKET/PREFIX');
  const url = settings.s3 ?? endpointVariable('S3');
  if (url === undefined) throw new StartError('--archive needs --s3, or AWS_ENDPOINT_URL_S3');
  const region =
    settings.region ??
    (environmentVariable('AWS_REGION') || environmentVariable('AWS_DEFAULT_REGION') || 'us-east-1');
  const credentials = credentialsInVariables();
  const store = openObjectStore({ ...world, diskAt }, { url, region, credentials });
  return new ArchiveStore({ store, place });
}

function noDisk(directory: string): never {
  throw new StartError(`${directory} cannot be used here`);
}
