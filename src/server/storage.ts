import type { DiskLock } from '../env/disk.ts';
import type { Env } from '../env/env.ts';
import { StartError } from '../env/start-error.ts';
import type { ArchiveOptions } from '../log/embedded/archive/archive-store.ts';
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts';
import { lockGraceMs } from '../log/embedded/ownership.ts';
import type { Engine } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { Archiving } from './archive/run-archive.ts';
import type { ServerOptions } from './options.ts';

/** Where everything durable goes. */
export interface Storage extends AsyncDisposable, Engines {}

type Engines = {
  readonly records: Engine;
  /** The journals of the control plane. */
  readonly control: Engine;
  /** What services besides Kinesis keep for users, each in a stream by its own name. The owner's alone. */
  readonly services: Engine;
  /** Moves old records to the archive, where there is one, until storage is let go. */
  archive?(): Promise<Archiving>;
};

/**
 * Opens the engine that the options ask for. The data directory belongs to this server until it is let go.
 */
export async function openStorage(
  options: Pick<ServerOptions, 'memory' | 'data' | 'segmentBytes'>,
  env: StorageEnv,
  archive?: ArchiveOptions,
): Promise<Storage> {
  await using opened = new AsyncDisposableStack();
  const engines = options.memory ? openMemory(env) : await openDirectory(options, env, opened, archive);
  const { records, control, services } = engines;
  for (const engine of [records, control, services]) opened.defer(() => engine.close());
  const all = opened.move();
  return { ...engines, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

type StorageEnv = Pick<Env, 'clock' | 'disk' | 'random' | 'logger' | 'panic'>;

function openMemory({ clock }: StorageEnv): Engines {
  return { records: openMemoryLog(clock), control: openMemoryLog(clock), services: openMemoryLog(clock) };
}

async function openDirectory(
  { data, segmentBytes }: Pick<ServerOptions, 'data' | 'segmentBytes'>,
  env: StorageEnv,
  opened: AsyncDisposableStack,
  archive: ArchiveOptions | undefined,
): Promise<Engines> {
  const lock = await lockDirectory(data, env);
  opened.defer(() => lock.release());
  const control = await openEmbeddedLog(env, 'catalog', {
    ...controlLogOptions,
    segmentBytes: controlSegmentBytes(segmentBytes),
    lock,
    graceMs: lock.isNew ? lockGraceMs : 0,
  });
  const records = await openEmbeddedLog(env, 'streams', { segmentBytes, lock, archive });
  const services = await openEmbeddedLog(env, servicesDirectory, {
    ...servicesLogOptions,
    segmentBytes: Math.min(segmentBytes, servicesLogOptions.segmentBytes),
    lock,
  });
  const engines = { records, control, services };
  if (archive === undefined) return engines;
  const { runArchive } = await import('./archive/run-archive.ts');
  return { ...engines, archive: () => runArchive(engines, env) };
}

/** Makes a data directory that is missing, and has it be this server's until the lock is released. */
export async function lockDirectory(
  data: string,
  { disk, logger }: Pick<Env, 'disk' | 'logger'>,
): Promise<DiskLock> {
  await disk.createDirectory('.');
  const lock = await disk.lock('lock');
  if (lock === undefined) throw new StartError(`the data directory ${data} is in use by another server`);
  if (await disk.isOpenToOthers('.')) {
    logger.warn('Other users may enter the data directory: it should have mode 0700.', { data });
  }
  return lock;
}

/**
 * Segments of the control plane are no larger than those of streams. A snapshot comes about once for each.
 */
export function controlSegmentBytes(segmentBytes: number): number {
  return Math.min(segmentBytes, controlLogOptions.segmentBytes);
}

/**
 * A snapshot of the control plane lets go of whole segments: small ones go soon. It may write to the last of
 * the disk, is never read twice, and its newest edits need no place in memory.
 */
export const controlLogOptions = { segmentBytes: 1024 * 1024, reserveBytes: 0, tailBytesMax: 0 };

/** Where in the data directory the logs of services besides Kinesis are. */
export const servicesDirectory = 'services';

/**
 * Read once, at a start, and restated ever after: small segments go soon, and none of it needs a place in
 * memory twice. When the disk fills up, consumers can still note how far they came after records are refused
 * already.
 */
export const servicesLogOptions = {
  segmentBytes: 4 * 1024 * 1024,
  reserveBytes: 32 * 1024 * 1024,
  tailBytesMax: 0,
  blockCacheBytesMax: 4 * 1024 * 1024,
};
