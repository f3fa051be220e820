import { apply } from '../../catalog/apply.ts';
import { catalogKey, catalogMachine } from '../../catalog/catalog.ts';
import { type CatalogState, findStream } from '../../catalog/state.ts';
import { namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import { encodeRevision } from '../../journal/revision.ts';
import { encodeBatch, type Offset } from '../../kinesis/record.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { encodeEntry } from '../../log/embedded/archive/archive-entry.ts';
import { archiveNoteName } from '../../log/embedded/archive/archive-note.ts';
import { archiveIdName, successorNote } from '../../log/embedded/archive/archive-owner.ts';
import type { ArchiveStore, SizedObject } from '../../log/embedded/archive/archive-store.ts';
import type { Generation } from '../../log/embedded/archive/generation.ts';
import { lastGenerations } from '../../log/embedded/archive/generations.ts';
import { segmentNamed, streamsPrefix } from '../../log/embedded/archive/object-names.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import type { EngineEnv } from '../../log/embedded/engine-parts.ts';
import { segmentName } from '../../log/embedded/segment.ts';
import { controlLogOptions } from '../../server/storage.ts';
import { cutShards, editsOfCreation, editsOfRepair, type KnownEnds } from '../offline/catalog-repair.ts';
import { checkJournal } from '../offline/journal-check.ts';
import { type ArchivedStream, archivedStream } from './archived-stream.ts';
import type { RestoreProgress } from './restore-progress.ts';
import { downloadFile, writeFile } from './restored-files.ts';

export type RestoreWorld = {
  readonly store: ArchiveStore;
  /** The new directory. */
  readonly to: EngineEnv;
  readonly progress: RestoreProgress;
};

/** What a restored directory holds. */
export type Restored = {
  readonly generation: Generation;
  readonly streams: readonly RestoredStream[];
  /** Objects of streams that do not lead to their newest segment, or cannot be read. */
  readonly leftOut: readonly string[];
};

export type RestoredStream = ArchivedStream & { readonly stream: Stream };

/**
 * Makes a data directory of what is in an archive: the logs of the newest generation, and of each stream all
 * segments, or, where these stay in the archive, the newest. Rejects with `StartError` when it may not or
 * cannot be made, and as the store does.
 */
export async function restoreData(world: RestoreWorld, staysInArchive: boolean): Promise<Restored> {
  const { disk } = world.to;
  await disk.createDirectory('.');
  const lock = await disk.lock('lock');
  if (lock === undefined) throw new StartError('the new data directory is in use');
  try {
    return await restoreLocked(world, staysInArchive);
  } finally {
    await lock.release();
  }
}

async function restoreLocked(world: RestoreWorld, staysInArchive: boolean): Promise<Restored> {
  const { store, to, progress } = world;
  const generation = (await lastGenerations(store)).at(-1);
  if (generation === undefined) throw new StartError(`there is no archive at ${store.textOf('')}`);
  // It is looked for before anything is written.
  const successor = staysInArchive ? await successorNote(store) : undefined;
  progress.expect(generation.files.reduce((sum, { bytes }) => sum + bytes, 0));
  await restoreLogs(world, generation);
  const catalog = await restoredCatalog(to);
  const objects = await objectsByStream(store);
  await to.disk.createDirectory('streams');
  const streams: RestoredStream[] = [];
  for (const stream of catalog.streams.values()) {
    const named = objects.get(stream.id) ?? [];
    progress.find(stream.name, named.length);
    const archived = await archivedStream(store, named, () => progress.found());
    streams.push({ stream, ...archived });
  }
  const wanted = (segments: ArchivedStream['segments']) => (staysInArchive ? segments.slice(-1) : segments);
  for (const { segments } of streams) progress.expect(bytesOf(wanted(segments)));
  for (const each of streams) await restoreStream(world, each, staysInArchive);
  if (successor !== undefined) await writeFile(to.disk, `streams/${archiveIdName}`, [successor]);
  await to.disk.syncDirectory('streams');
  await closeShards(to, catalog, streams);
  return { generation, streams, leftOut: streams.flatMap(({ leftOut }) => leftOut) };
}

/** Only a directory in which nothing is can become one. */
export async function requireEmpty({ disk }: EngineEnv, data: string): Promise<void> {
  const names = await namesIn(disk, '.').catch((error: NodeJS.ErrnoException) => [error.code]);
  if (names.length > 0)
    throw new StartError(`--data must name a new or an empty directory, which ${data} is not`);
}

async function restoreLogs({ store, to, progress }: RestoreWorld, { files }: Generation): Promise<void> {
  const directories = new Set<string>();
  for (const file of files) {
    const directory = file.path.slice(0, file.path.lastIndexOf('/'));
    if (!directories.has(directory)) await to.disk.createDirectory(directory);
    directories.add(directory);
    progress.at(file.path);
    await downloadFile(store, file, to.disk, file.path, (bytes) => progress.took(bytes));
  }
  for (const directory of directories) await to.disk.syncDirectory(directory);
}

async function restoredCatalog({ disk }: EngineEnv): Promise<CatalogState> {
  const place = { directory: 'catalog', stream: catalogKey.stream };
  const { state, isWhole } = await checkJournal(disk, catalogMachine, place, () => {});
  if (!isWhole) throw new StartError('the control plane in the archive is not whole');
  return state;
}

async function objectsByStream(store: ArchiveStore): Promise<Map<string, SizedObject[]>> {
  const found = new Map<string, SizedObject[]>();
  for await (const object of store.sizes(streamsPrefix)) {
    const stream = segmentNamed(object.name)?.stream;
    if (stream === undefined) continue;
    const objects = found.get(stream) ?? [];
    found.set(stream, objects);
    objects.push(object);
  }
  return found;
}

async function restoreStream(
  { store, to, progress }: RestoreWorld,
  { stream, segments }: RestoredStream,
  staysInArchive: boolean,
): Promise<void> {
  if (segments.length === 0) return;
  const directory = `streams/${stream.id}`;
  await to.disk.createDirectory(directory);
  // The newest says where the shards stand, and is always on the disk.
  const [left, taken] = staysInArchive ? [segments.slice(0, -1), segments.slice(-1)] : [[], segments];
  if (staysInArchive) {
    const entries = left.map(({ entry }) => encodeEntry({ kind: 'archived', segment: entry }));
    await writeFile(to.disk, `${directory}/${archiveNoteName}`, entries);
  }
  for (const { name, bytes, entry } of taken) {
    const path = `${directory}/${segmentName(entry.number)}`;
    progress.at(path);
    const source = { object: name, bytes, crc: entry.crc };
    await downloadFile(store, source, to.disk, path, (count) => progress.took(count));
  }
  await to.disk.syncDirectory(directory);
}

/**
 * Records that came after the last segment may have been read by somebody, and their sequence numbers are
 * never given to others: shards that were open close, and new ones take their place, as in a repair.
 */
async function closeShards(
  to: EngineEnv,
  before: CatalogState,
  streams: readonly RestoredStream[],
): Promise<void> {
  let catalog = before;
  const cuts: (readonly [string, ReadonlyMap<number, Offset>])[] = [];
  for (const { stream: known, segments } of streams) {
    const states = segments.at(-1)?.states ?? new Map();
    const log: KnownEnds = { states, isUncertain: () => true };
    catalog = editsOfCreation(known, log).reduce(apply, catalog);
    const stream = findStream(catalog, known)!;
    const cut = cutShards({ stream, log, kept: states });
    catalog = editsOfRepair({ stream, log, kept: states }, cut, to.clock.now()).reduce(apply, catalog);
    cuts.push([stream.id, cut]);
  }
  const records = await openEmbeddedLog(to, 'streams');
  for (const [stream, cut] of cuts) {
    for (const shard of cut.keys()) await records.seal({ stream, shard });
  }
  await records.close();
  if (catalog === before) return;
  const control = await openEmbeddedLog(to, 'catalog', controlLogOptions);
  const snapshot = { version: catalog.version + 1, edits: catalogMachine.snapshot(catalog) };
  await control.append(
    catalogKey,
    encodeBatch([{ partitionKey: undefined, data: encodeRevision(snapshot) }]),
  );
  await control.close();
}

function bytesOf(segments: readonly SizedObject[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}
