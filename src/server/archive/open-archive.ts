import type { Env } from '../../env/env.ts';
import { environmentVariable } from '../../env/environment.ts';
import { StartError } from '../../env/start-error.ts';
import { type ArchiveOptions, ArchiveStore } from '../../log/embedded/archive/archive-store.ts';
import { archivePlaceIn } from '../../log/embedded/archive/object-names.ts';
import { objectStores } from '../object-stores.ts';
import type { ServerOptions } from '../options.ts';

type World = Pick<Env, 'clock' | 'random' | 'client' | 'diskAt'>;

/** The archive's URL, and where its store is: the options' own, or what the environment says. */
export type ArchiveSettings = { readonly archive: string } & Partial<
  Pick<ServerOptions, 's3' | 's3Style' | 'region'>
>;

/**
 * The archive that the options name. Nothing is asked yet. Throws `StartError` when there is no store for it.
 */
export function openArchive(
  settings: ArchiveSettings & Pick<ServerOptions, 'archiveAfter'>,
  world: World,
): ArchiveOptions {
  return { store: archiveIn(settings, world), afterMs: settings.archiveAfter * 1000 };
}

/** The objects of an archive. Throws `StartError` as above. */
export function archiveIn(
  settings: ArchiveSettings,
  { diskAt = noDisk, ...world }: World,
): ArchiveStore {
  const place = archivePlaceIn(settings.archive);
  if (place === undefined) throw new StartError('--archive must be s3://BUCKET or s3://BUCKET/PREFIX');
  const region =
    settings.region ??
    (environmentVariable('AWS_REGION') || environmentVariable('AWS_DEFAULT_REGION') || 'us-east-1');
  const store = objectStores({ s3: settings.s3, s3Style: settings.s3Style }, { ...world, diskAt })(region);
  if (store === undefined) throw new StartError('--archive needs --s3, or AWS_ENDPOINT_URL_S3');
  return new ArchiveStore({ store, place });
}

function noDisk(directory: string): never {
  throw new StartError(`${directory} cannot be used here`);
}
