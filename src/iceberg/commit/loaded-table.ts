import { specFieldOf } from '../format/partition-spec.ts';
import { schemaOfJson } from '../format/schema-json.ts';
import { currentSchemaOf, defaultSpecOf } from '../format/table-metadata.ts';
import type { DataFile, IcebergTable, TablePartition, WriterMarks } from '../iceberg-table.ts';
import { folderOf } from '../table-files.ts';
import type { TableSchema } from '../table-schema.ts';
import { marksIn } from '../writer-marks.ts';
import { appendOnce, type CommitWorld } from './append.ts';
import type { HeldMetadata, TableHome } from './table-home.ts';

/** A table of whatever catalog, as it was when it was loaded. */
export class LoadedTable implements IcebergTable {
  readonly schema: TableSchema;
  readonly partition: TablePartition | undefined;
  readonly specId: number;
  readonly location: string;
  readonly #world: CommitWorld;
  readonly #home: TableHome;
  readonly #held: HeldMetadata;

  /**
   * Throws `IcebergError` of code `NotWritable` for a table with columns or partitions that are not written.
   */
  constructor(world: CommitWorld, home: TableHome, held: HeldMetadata) {
    this.schema = schemaOfJson(currentSchemaOf(held.metadata));
    this.specId = held.metadata['default-spec-id'];
    this.partition = specFieldOf(defaultSpecOf(held.metadata), this.schema)?.partition;
    this.location = folderOf(held.metadata.location);
    this.#world = world;
    this.#home = home;
    this.#held = held;
  }

  marksOf(writer: string): string | undefined {
    return marksIn(this.#held.metadata, writer);
  }

  async append(files: readonly DataFile[], writer: WriterMarks, signal?: AbortSignal): Promise<IcebergTable> {
    const held = await appendOnce(this.#world, this.#home, this.#held, { files, writer }, signal);
    return new LoadedTable(this.#world, this.#home, held);
  }
}
