import { bufferOf } from '../../env/buffer-of.ts';
import {
  type ColumnFacts,
  type DataFile,
  IcebergError,
  type IcebergTable,
} from '../../iceberg/iceberg-table.ts';
import { folderOf } from '../../iceberg/table-files.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { IcebergDestination, IcebergTableSpec } from '../delivery-spec.ts';
import type { ChunkTable, FormattedChunk } from '../formatter/chunk-setting.ts';
import type { Insistence } from '../run/insistence.ts';
import { LostDeliveryError } from '../run/progress-fact.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { ChunkPlan, DeliveryProgress, PlannedObject } from '../state/delivery-state.ts';
import type { ChunkDestination } from './chunk-destination.ts';
import { marksOf, readMarks } from './table-marks.ts';

/**
 * Iceberg tables. The files of a chunk are objects of its plan; the commit that makes them a table's says
 * which chunk it was, so that one that is committed is not committed again.
 */
export class IcebergTables implements ChunkDestination {
  readonly #parts: RunParts;
  readonly #destination: IcebergDestination;
  readonly #insistence: Insistence;
  /** For a chunk of which nothing is planned yet. */
  readonly #before: Insistence;
  readonly #locations = new Set<string>();

  constructor(
    parts: RunParts,
    destination: IcebergDestination,
    { planned, before }: { readonly planned: Insistence; readonly before: Insistence },
  ) {
    this.#parts = parts;
    this.#before = before;
    this.#destination = destination;
    this.#insistence = planned;
  }

  async tables(first: SourceSlice): Promise<readonly ChunkTable[]> {
    const found: ChunkTable[] = [];
    for (const spec of this.#destination.tables) {
      const table = await this.#before.on(() => this.#loadOrCreate(spec, first));
      if (table === undefined) continue;
      const { schema, partition, location } = table;
      this.#locations.add(location);
      found.push({ name: nameOf(spec), schema, partition, location });
    }
    return found;
  }

  /** Of a delivery to one table, which says all of it: the journal may be older than the table. */
  async ahead(known: DeliveryProgress): Promise<DeliveryProgress | undefined> {
    const [spec, ...others] = this.#destination.tables;
    if (spec === undefined || others.length > 0) return undefined;
    const table = await this.#before.on(() => this.#load(spec));
    const marks = readMarks(table?.marksOf(this.#parts.spec.id));
    if (marks === undefined || marks.chunk < known.nextChunk) return undefined;
    const { plan: _plan, ...before } = known;
    return { ...before, done: { ...known.done, ...marks.to }, nextChunk: marks.chunk + 1 };
  }

  /** A file that was committed stays, whatever a later attempt would have called it. */
  keeps({ bucket, key }: PlannedObject): boolean {
    const path = `s3://${bucket}/${key}`;
    return [...this.#locations].some((location) => path.startsWith(`${folderOf(location)}/`));
  }

  async take({ objects }: FormattedChunk, plan: ChunkPlan): Promise<void> {
    for (const spec of this.#destination.tables) {
      const name = nameOf(spec);
      const files = objects.flatMap(({ file }) => (file?.table === name ? [inBuffers(file.data)] : []));
      if (files.length > 0) await this.#insistence.on(() => this.#append(spec, files, plan));
    }
  }

  async #append(spec: IcebergTableSpec, files: readonly DataFile[], plan: ChunkPlan): Promise<void> {
    const { signal } = this.#insistence;
    const table = await this.#load(spec);
    if (table === undefined)
      throw new IcebergError(`There is no table ${nameOf(spec)}.`, 'NoSuchTable', false);
    const writer = this.#parts.spec.id;
    const before = table.marksOf(writer);
    const marks = marksOf(plan);
    if (before === marks) return;
    const others = readMarks(before);
    if (others !== undefined && others.chunk >= plan.number)
      throw new LostDeliveryError('The table has a later chunk.');
    await table.append(files, { writer, before, marks }, signal);
  }

  async #loadOrCreate(spec: IcebergTableSpec, first: SourceSlice): Promise<IcebergTable | undefined> {
    const found = await this.#load(spec);
    if (found !== undefined) return found;
    if (spec.creates === 'never') {
      if (this.#parts.spec.owner.kind === 'firehose') return undefined;
      throw new IcebergError(`There is no table ${nameOf(spec)}.`, 'NoSuchTable', false);
    }
    const schema = spec.schema ?? (await this.#sampled(first));
    if (schema === undefined) return undefined;
    const { namespace, table, partition } = spec;
    const catalog = this.#parts.world.catalogOf(spec.catalog);
    const { signal } = this.#insistence;
    try {
      return await catalog.create({ namespace, table }, { schema, partition }, signal);
    } catch (error) {
      if (!(error instanceof IcebergError && error.code === 'AlreadyExists')) throw error;
      return await this.#load(spec);
    }
  }

  /** What the first records look like; undefined when they are no rows: the next ones may be. */
  async #sampled(first: SourceSlice): Promise<TableSchema | undefined> {
    const { formatter, spec } = this.#parts;
    const chunk = formatter.open({ spec, tables: [] });
    try {
      return await chunk.sample(first);
    } finally {
      chunk.drop();
    }
  }

  async #load({ catalog, namespace, table }: IcebergTableSpec): Promise<IcebergTable | undefined> {
    return await this.#parts.world.catalogOf(catalog).load({ namespace, table }, this.#insistence.signal);
  }
}

/** What comes from another thread are plain arrays of bytes. */
function inBuffers(file: DataFile): DataFile {
  const columns = new Map<number, ColumnFacts>();
  for (const [id, facts] of file.columns ?? []) {
    const { lower, upper } = facts;
    columns.set(id, { ...facts, lower: lower && bufferOf(lower), upper: upper && bufferOf(upper) });
  }
  return { ...file, columns };
}

function nameOf({ namespace, table }: IcebergTableSpec): string {
  return `${namespace}.${table}`;
}
