import { ObjectStoreError } from '../../env/object-store.ts';
import { uuid } from '../../env/random.ts';
import { requireConditionalWrites } from '../../objects/conditional-writes.ts';
import type { BucketCatalogSpec } from '../catalog-spec.ts';
import type { CommitWorld } from '../commit/append.ts';
import { isOwnTable } from '../commit/creator.ts';
import { LoadedTable } from '../commit/loaded-table.ts';
import { newMetadata } from '../format/table-metadata.ts';
import {
  type IcebergCatalog,
  IcebergError,
  type IcebergTable,
  type NewTable,
  type TableName,
} from '../iceberg-table.ts';
import { folderOf } from '../table-files.ts';
import { TableFolder } from './table-folder.ts';

/**
 * A bucket that is its own catalog: the table `NAMESPACE.TABLE` lies in `PREFIX/NAMESPACE/TABLE/`, laid out
 * as the Hadoop catalogs of Iceberg's readers know it. What keeps two writers apart is the store's
 * conditional write of the next version, so a store that lets two of them win is refused before the first
 * table is looked at.
 */
export class BucketCatalog implements IcebergCatalog {
  readonly #world: CommitWorld;
  readonly #bucket: string;
  /** Ends in a slash, or is empty. */
  readonly #prefix: string;
  #probed: Promise<void> | undefined;

  constructor(world: CommitWorld, { bucket, prefix }: BucketCatalogSpec) {
    const folders = prefix.split('/').filter((folder) => folder !== '');
    this.#world = world;
    this.#bucket = bucket;
    this.#prefix = folders.map((folder) => `${folder}/`).join('');
  }

  async load(name: TableName, signal?: AbortSignal): Promise<IcebergTable | undefined> {
    const folder = this.#folderOf(name);
    await this.#probe(signal);
    const held = await folder.load(undefined, signal);
    return held === undefined ? undefined : new LoadedTable(this.#world, folder, held);
  }

  async create(name: TableName, request: NewTable, signal?: AbortSignal): Promise<IcebergTable> {
    const folder = this.#folderOf(name);
    if (request.location !== undefined && folderOf(request.location) !== folder.location) {
      const message = `a table of this catalog lies in ${folder.location}, not in ${request.location}`;
      throw new IcebergError(message, 'BadLocation', false);
    }
    await this.#probe(signal);
    const { clock, random } = this.#world;
    // Old versions of the metadata would else stay for ever: nobody but its writers keeps house in a bucket.
    const properties = { 'write.metadata.delete-after-commit.enabled': 'true', ...request.properties };
    const table = { uuid: uuid(random), location: folder.location, now: clock.now() };
    const metadata = newMetadata({ ...request, properties }, table);
    try {
      const held = await folder.create(metadata, signal);
      return new LoadedTable(this.#world, folder, held);
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.code !== 'PreconditionFailed') throw error;
    }
    const held = await folder.load(undefined, signal);
    if (held !== undefined && isOwnTable(held, request)) return new LoadedTable(this.#world, folder, held);
    throw new IcebergError(`${folder.location} is a table already`, 'AlreadyExists', false);
  }

  /** Once; what did not come to an end is begun again. */
  async #probe(signal?: AbortSignal): Promise<void> {
    const { objects: store, random } = this.#world;
    this.#probed ??= requireConditionalWrites({ store, random }, this.#bucket, this.#prefix, signal).catch(
      (error: unknown) => {
        this.#probed = undefined;
        throw error;
      },
    );
    await this.#probed;
  }

  #folderOf({ namespace, table }: TableName): TableFolder {
    for (const name of [namespace, table]) {
      if (!/^[^/]+$/.test(name) || name === '.' || name === '..') {
        throw new IcebergError(`${JSON.stringify(name)} is no name of a folder`, 'BadName', false);
      }
    }
    return new TableFolder(this.#world, `s3://${this.#bucket}/${this.#prefix}${namespace}/${table}`);
  }
}
