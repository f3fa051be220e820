import type { Clock } from '../../env/clock.ts';
import { growingPause } from '../../env/growing-pause.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import { type Random, uuid } from '../../env/random.ts';
import { longOf } from '../format/long-json.ts';
import type { ListedManifest } from '../format/manifest-list.ts';
import {
  currentSnapshotOf,
  type SnapshotJson,
  snapshotOf,
  type TableMetadata,
} from '../format/table-metadata.ts';
import { type DataFile, IcebergError, type WriterMarks } from '../iceberg-table.ts';
import { folderOf, placeOf } from '../table-files.ts';
import { markProperties, markSummary, marksIn } from '../writer-marks.ts';
import { type MergedManifests, mergedManifests } from './merged-manifests.ts';
import { snapshotOfAppend } from './snapshot-of-append.ts';
import type { HeldMetadata, TableHome } from './table-home.ts';
import { type WrittenManifest, writtenManifest } from './written-manifest.ts';

export type CommitWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly objects: ObjectStore;
};

export type Append = { readonly files: readonly DataFile[]; readonly writer: WriterMarks };

/**
 * Appends files to a table, once, whatever else happens to it. An attempt is compared and set: it can only
 * succeed after what it knew of the table, so an attempt whose answer was lost and that arrives late finds
 * the table changed by the next one, or the next one finds the marks that it left. Resolves to the table as
 * it is then.
 */
export async function appendOnce(
  world: CommitWorld,
  home: TableHome,
  known: HeldMetadata,
  append: Append,
  signal?: AbortSignal,
): Promise<HeldMetadata> {
  return await new Attempts(world, home, known, append).run(signal);
}

/** The tries of one append; the table as the last of them found it, and what was written for it. */
class Attempts {
  readonly #world: CommitWorld;
  readonly #home: TableHome;
  readonly #append: Append;
  readonly #uuid: string;
  readonly #snapshotId: bigint;
  #table: HeldMetadata;
  #manifest: WrittenManifest | undefined;
  /** Whether an attempt may have succeeded, or may yet: then what was written for it has to stay. */
  #isInDoubt = false;
  #merged: MergedManifests | undefined;
  #lostList: string | undefined;

  constructor(world: CommitWorld, home: TableHome, known: HeldMetadata, append: Append) {
    this.#world = world;
    this.#home = home;
    this.#table = known;
    this.#append = append;
    this.#uuid = uuid(world.random);
    this.#snapshotId = snapshotIdOf(world.random, known.metadata);
  }

  async run(signal: AbortSignal | undefined): Promise<HeldMetadata> {
    try {
      const table = await this.#untilItIsThere(signal);
      if (!table.isOwn) await this.#forgetManifests();
      return table.held;
    } catch (error) {
      await this.#forgetManifests();
      if (!this.#isInDoubt || !(error instanceof IcebergError || error instanceof ObjectStoreError))
        throw error;
      throw this.#unknown(error);
    }
  }

  async #untilItIsThere(signal: AbortSignal | undefined): Promise<{ held: HeldMetadata; isOwn: boolean }> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      if (this.#isDone()) return { held: this.#table, isOwn: false };
      const held = await this.#attempt(attempt, signal);
      if (held !== undefined) return { held, isOwn: true };
      await this.#reload(attempt, signal);
    }
  }

  /** Whether the table says that all of it is there. Throws where it says what the writer did not know. */
  #isDone(): boolean {
    const { writer, before, marks } = this.#append.writer;
    const { metadata } = this.#table;
    const said = marksIn(metadata, writer);
    if (said === marks) return true;
    if (said === before) return false;
    const message = `${metadata.location} says of ${writer} ${said ?? 'nothing'}, which is not ${before ?? 'nothing'}`;
    throw new IcebergError(message, 'OtherWriter', false);
  }

  /** The table once it is committed, else undefined. */
  async #attempt(attempt: number, signal: AbortSignal | undefined): Promise<HeldMetadata | undefined> {
    const base = this.#table;
    this.#manifest ??= await this.#putManifest(base.metadata, signal);
    const listed = await this.#listedBefore(base.metadata, signal);
    if (listed === undefined) return undefined;
    const manifestList = `${metadataFolderOf(base.metadata)}/snap-${this.#snapshotId}-${attempt}-${this.#uuid}.avro`;
    const { files, writer } = this.#append;
    const snapshot = snapshotOfAppend(
      base.metadata,
      { snapshotId: longOf(this.#snapshotId), manifestList, files, summary: markSummary(writer) },
      this.#world.clock.now(),
    );
    if (attempt === 1) this.#merged = await this.#mergeOf(base.metadata, listed, signal);
    await this.#putList(manifestList, snapshot, listed, signal);
    const wasInDoubt = this.#isInDoubt;
    this.#isInDoubt = true;
    const outcome = await this.#committed(base, snapshot, signal).catch((error: unknown) => {
      // What is refused in so many words was not done.
      if (isRefusal(error)) this.#isInDoubt = wasInDoubt;
      throw error;
    });
    if (outcome.kind === 'committed') return outcome.table;
    if (outcome.kind === 'unknown') return undefined;
    this.#isInDoubt = wasInDoubt;
    await this.#forget(manifestList);
    return undefined;
  }

  /**
   * Once: a manifest does not say which attempt it is of. It stays one of the partition spec that the files
   * were made by, also where others have given the table another one meanwhile.
   */
  async #putManifest(metadata: TableMetadata, signal: AbortSignal | undefined): Promise<WrittenManifest> {
    const path = `${metadataFolderOf(metadata)}/${this.#uuid}-m0.avro`;
    const { files } = this.#append;
    return await writtenManifest(
      this.#world,
      metadata,
      { path, files, snapshotId: this.#snapshotId },
      signal,
    );
  }

  /** Made at the first attempt; a later one has it where what it stands for is still listed. */
  async #mergeOf(
    metadata: TableMetadata,
    listed: readonly ListedManifest[],
    signal: AbortSignal | undefined,
  ): Promise<MergedManifests | undefined> {
    const path = `${metadataFolderOf(metadata)}/${this.#uuid}-m1.avro`;
    return await mergedManifests(
      this.#world,
      metadata,
      listed,
      { path, snapshotId: this.#snapshotId },
      signal,
    );
  }

  #committed(base: HeldMetadata, snapshot: SnapshotJson, signal: AbortSignal | undefined) {
    const properties = markProperties(this.#append.writer);
    return this.#home.commit(base, { snapshot, properties }, signal);
  }

  /**
   * Manifests of what is current; undefined where its list is gone, as somebody has let the snapshot expire.
   */
  async #listedBefore(
    base: TableMetadata,
    signal: AbortSignal | undefined,
  ): Promise<readonly ListedManifest[] | undefined> {
    const current = currentSnapshotOf(base);
    if (current === undefined) return [];
    const list = current['manifest-list'];
    if (list === undefined) {
      const message = `${base.location} has a snapshot without a manifest list, which is not written after`;
      throw new IcebergError(message, 'NotWritable', false);
    }
    const found = await this.#world.objects.get(placeOf(list), undefined, signal);
    if (found !== undefined) {
      const { readManifestList } = await import('../format/manifest-list.ts');
      return readManifestList(found.body, list);
    }
    if (this.#lostList === list) throw new IcebergError(`${list} is gone`, 'MissingFile', false);
    this.#lostList = list;
    return undefined;
  }

  async #putList(
    path: string,
    snapshot: SnapshotJson,
    listed: readonly ListedManifest[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { writeManifestList } = await import('../format/manifest-list.ts');
    const parent = snapshot['parent-snapshot-id'];
    const sequenceNumber = BigInt(snapshot['sequence-number']);
    const bytes = writeManifestList({
      snapshotId: this.#snapshotId,
      parentId: parent === undefined || parent === null ? undefined : BigInt(parent),
      sequenceNumber,
      manifests: [
        ...ownFirst(this.#manifest?.listed, sequenceNumber),
        ...withMerged(this.#merged, listed, sequenceNumber),
      ],
      sync: this.#world.random.bytes(16),
    });
    await this.#world.objects.put(placeOf(path), [bytes], {}, signal);
  }

  /** Looks at the table again, after a pause. */
  async #reload(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    if (attempt >= attemptsMax) throw this.#gaveUp();
    const before = this.#table.metadata;
    await this.#world.clock.sleep(growingPause(attempt, this.#world.random, pauses), signal);
    signal?.throwIfAborted();
    const table = await this.#seen(signal);
    if (table === undefined) throw new IcebergError(`${before.location} is gone`, 'NoSuchTable', false);
    if (table.metadata['table-uuid'] !== before['table-uuid']) {
      throw new IcebergError(`${before.location} is another table by now`, 'OtherTable', false);
    }
    this.#table = table;
  }

  /** As it was, where nobody says how it is: an attempt after that is compared, too. */
  async #seen(signal: AbortSignal | undefined): Promise<HeldMetadata | undefined> {
    try {
      return await this.#home.load(this.#table, signal);
    } catch (error) {
      if (isPassing(error)) return this.#table;
      throw error;
    }
  }

  #gaveUp(): IcebergError {
    const { location } = this.#table.metadata;
    return new IcebergError(`others changed ${location} each time files were appended`, 'CommitFailed', true);
  }

  /** Whatever failed in the end, an earlier attempt may have succeeded, or may yet. */
  #unknown({ code, message }: IcebergError | ObjectStoreError): IcebergError {
    if (code === 'OtherWriter') return new IcebergError(message, code, false);
    const { location } = this.#table.metadata;
    const why = `whether files were appended to ${location} is not known: ${message}`;
    return new IcebergError(why, 'CommitStateUnknown', true);
  }

  async #forgetManifests(): Promise<void> {
    if (this.#isInDoubt) return;
    await this.#forget(this.#manifest?.listed?.manifest_path);
    await this.#forget(this.#merged?.listed.manifest_path);
  }

  /** Removes what nobody refers to. That it stays behind harms nobody. */
  async #forget(path: string | undefined): Promise<void> {
    if (path === undefined) return;
    try {
      await this.#world.objects.delete(placeOf(path));
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return (error instanceof IcebergError || error instanceof ObjectStoreError) && !error.passes;
}

function isPassing(error: unknown): boolean {
  return (error instanceof IcebergError || error instanceof ObjectStoreError) && error.passes;
}

function ownFirst(own: ListedManifest | undefined, sequenceNumber: bigint): ListedManifest[] {
  if (own === undefined) return [];
  return [{ ...own, sequence_number: sequenceNumber, min_sequence_number: sequenceNumber }];
}

function withMerged(
  merged: MergedManifests | undefined,
  listed: readonly ListedManifest[],
  sequenceNumber: bigint,
): readonly ListedManifest[] {
  if (merged === undefined) return listed;
  const others = listed.filter(({ manifest_path }) => !merged.replaces.has(manifest_path));
  // Others have made something else of them meanwhile: then there is nothing that it stands for.
  if (listed.length - others.length < merged.replaces.size) return listed;
  return [{ ...merged.listed, sequence_number: sequenceNumber }, ...others];
}

function metadataFolderOf(metadata: TableMetadata): string {
  return folderOf(metadata.properties?.['write.metadata.path'] ?? `${folderOf(metadata.location)}/metadata`);
}

/** 15 digits, which every reader of JSON has exactly, and none that the table has. */
function snapshotIdOf(random: Random, metadata: TableMetadata): bigint {
  for (;;) {
    const id = (random.bytes(8).readBigUInt64BE() >> 15n) + 1n;
    if (snapshotOf(metadata, id) === undefined) return id;
  }
}

/** With pauses of 2 s at most, a table that others commit to every second is appended to in a minute. */
const attemptsMax = 40;

/** As Iceberg's own writers pause (`commit.retry.min-wait-ms`). */
const pauses = { firstMs: 100, maxMs: 2000 };
