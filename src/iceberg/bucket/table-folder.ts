import type { Clock } from '../../env/clock.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import type { CommitWorld } from '../commit/append.ts';
import type { CommitOutcome, HeldMetadata, TableChange, TableHome } from '../commit/table-home.ts';
import { formatLongJson } from '../format/long-json.ts';
import {
  readMetadata,
  type SnapshotJson,
  type TableMetadata,
  withSnapshot,
} from '../format/table-metadata.ts';
import { IcebergError } from '../iceberg-table.ts';
import { placeOf } from '../table-files.ts';
import { expiredIn, filesOnlyIn, withoutSnapshots } from './expired-snapshots.ts';
import { metadataAfter, obsoleteFiles } from './metadata-log.ts';

/**
 * A table in a bucket:
 *
 *   metadata/v1.metadata.json, v2.metadata.json, …   what is true, the highest version
 *   metadata/version-hint.text                       a version from which on to look
 *
 * A version is there once and never changes: it is put only where there is none. The hint may be behind, or
 * be put back by a slow writer, so whoever reads it looks whether there are later versions.
 */
export class TableFolder implements TableHome {
  readonly location: string;
  readonly #objects: ObjectStore;
  readonly #clock: Clock;

  constructor({ objects, clock }: CommitWorld, location: string) {
    this.#objects = objects;
    this.#clock = clock;
    this.location = location;
  }

  async load(known: HeldMetadata | undefined, signal?: AbortSignal): Promise<HeldMetadata | undefined> {
    const from = known === undefined ? await this.#hint(signal) : versionOf(known);
    return (
      (from === undefined ? undefined : await this.#newestFrom(from, signal)) ??
      (await this.#newestListed(signal))
    );
  }

  /** Rejects with `ObjectStoreError` of code `PreconditionFailed` where there is a table, or was one. */
  async create(metadata: TableMetadata, signal?: AbortSignal): Promise<HeldMetadata> {
    const held = await this.#put(1, metadata, signal);
    await this.#tidy(1, metadata, metadata, [], signal);
    return held;
  }

  async commit(base: HeldMetadata, change: TableChange, signal?: AbortSignal): Promise<CommitOutcome> {
    const version = versionOf(base) + 1;
    const grown = withSnapshot(base.metadata, change.snapshot, change.properties);
    const expired = expiredIn(grown, this.#clock.now());
    const next = metadataAfter(base, withoutSnapshots(grown, expired));
    try {
      const table = await this.#put(version, next, signal);
      await this.#tidy(version, base.metadata, next, expired, signal);
      return { kind: 'committed', table };
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      if (error.code === 'PreconditionFailed') return { kind: 'conflict' };
      if (error.passes) return { kind: 'unknown', reason: error.message };
      throw error;
    }
  }

  async #put(version: number, metadata: TableMetadata, signal?: AbortSignal): Promise<HeldMetadata> {
    const file = this.#fileOf(version);
    const bytes = Buffer.from(formatLongJson(metadata));
    await this.#objects.put(
      placeOf(file),
      [bytes],
      { ifNone: true, contentType: 'application/json' },
      signal,
    );
    return { metadata, file };
  }

  /**
   * A version and those after it, as far as they follow one another; undefined where that one is not there.
   */
  async #newestFrom(version: number, signal?: AbortSignal): Promise<HeldMetadata | undefined> {
    let newest: HeldMetadata | undefined;
    for (let next = version; ; next++) {
      const found = await this.#read(next, signal);
      if (found === undefined) return newest;
      newest = found;
    }
  }

  async #newestListed(signal?: AbortSignal): Promise<HeldMetadata | undefined> {
    const { bucket, key: prefix } = placeOf(`${this.location}/metadata/v`);
    let newest = 0;
    let after: string | undefined;
    for (;;) {
      const page = await this.#objects.list(bucket, { prefix, after }, signal);
      const versions = page.objects.map(({ key }) => versionIn(key) ?? 0);
      newest = Math.max(newest, ...versions);
      after = page.objects.at(-1)?.key;
      if (!page.isTruncated || after === undefined) break;
    }
    return newest === 0 ? undefined : await this.#newestFrom(newest, signal);
  }

  async #read(version: number, signal?: AbortSignal): Promise<HeldMetadata | undefined> {
    const file = this.#fileOf(version);
    const found = await this.#objects.get(placeOf(file), undefined, signal);
    if (found === undefined) return undefined;
    const metadata = readMetadata(found.body.toString(), file);
    if (metadata.properties?.['write.metadata.compression-codec'] === 'gzip') {
      // Its other writers put the next version under another name: nothing would keep the two apart.
      throw new IcebergError(
        `${this.location} has compressed metadata, which is not written`,
        'NotWritable',
        false,
      );
    }
    return { metadata, file };
  }

  async #hint(signal?: AbortSignal): Promise<number | undefined> {
    const found = await this.#objects.get(placeOf(this.#hintFile), undefined, signal);
    const text = found?.body.toString().trim() ?? '';
    return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
  }

  async #putHint(version: number, signal?: AbortSignal): Promise<void> {
    await this.#objects.put(placeOf(this.#hintFile), [Buffer.from(String(version))], {}, signal);
  }

  /**
   * What is committed stays so without it: readers look on from an older hint, and nobody reads what is left.
   */
  async #tidy(
    version: number,
    base: TableMetadata,
    next: TableMetadata,
    expired: readonly SnapshotJson[],
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.#putHint(version, signal);
      const files = [
        ...obsoleteFiles(base, next),
        ...(await filesOnlyIn(this.#objects, expired, next, signal)),
      ];
      for (const file of files) await this.#objects.delete(placeOf(file), signal);
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
    }
  }

  get #hintFile(): string {
    return `${this.location}/metadata/version-hint.text`;
  }

  #fileOf(version: number): string {
    return `${this.location}/metadata/v${version}.metadata.json`;
  }
}

function versionOf({ file }: HeldMetadata): number {
  const version = file === undefined ? undefined : versionIn(file);
  if (version === undefined) throw new IcebergError(`${file} says no version`, 'BadFile', false);
  return version;
}

function versionIn(key: string): number | undefined {
  const version = /\/v([1-9]\d{0,14})\.metadata\.json$/.exec(key)?.[1];
  return version === undefined ? undefined : Number(version);
}
