import { bufferOf } from '../../env/buffer-of.ts';
import type { Millis } from '../../env/clock.ts';
import { ObjectStoreError } from '../../env/object-store.ts';
import { creatorProperty } from '../../iceberg/commit/creator.ts';
import {
  type ColumnFacts,
  type DataFile,
  IcebergError,
  type IcebergTable,
} from '../../iceberg/iceberg-table.ts';
import { folderOf } from '../../iceberg/table-files.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { IcebergDestination, IcebergTableSpec } from '../delivery-spec.ts';
import type { ChunkTable, FormattedChunk, RefusedTable, TableRefusal } from '../formatter/chunk-setting.ts';
import type { Insistence } from '../run/insistence.ts';
import { LostDeliveryError } from '../run/progress-fact.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { ChunkPlan, DeliveryProgress, PlannedObject } from '../state/delivery-state.ts';
import type { ChunkDestination } from './chunk-destination.ts';
import { GivenUpError } from './given-up.ts';
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

  async tables(first: SourceSlice, plan?: ChunkPlan): Promise<readonly (ChunkTable | RefusedTable)[]> {
    const { givenUp } = this.#parts;
    const found: (ChunkTable | RefusedTable)[] = [];
    for (const spec of this.#destination.tables) {
      const name = nameOf(spec);
      const refusal = givenUp?.chunk === plan?.number ? givenUp?.tables.get(name) : undefined;
      const table = refusal === undefined ? await this.#table(spec, first, plan) : { name, refusal };
      if (table !== undefined) found.push(table);
    }
    return found;
  }

  /** Of a chunk that was planned before, the table may have the rows: then nothing is refused. */
  async #table(
    spec: IcebergTableSpec,
    first: SourceSlice,
    plan: ChunkPlan | undefined,
  ): Promise<ChunkTable | RefusedTable | undefined> {
    const name = nameOf(spec);
    const isEnough = (failing: Millis) => plan === undefined && this.#isTriedLong(failing);
    try {
      const table = await this.#before.on(() => this.#loadOrCreate(spec, first), isEnough);
      if (table === undefined) return undefined;
      const { schema, partition, specId, location } = table;
      this.#locations.add(location);
      return { name, schema, partition, specId, location };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { name, refusal: refusalOf(error) };
    }
  }

  #isTriedLong(failing: Millis): boolean {
    return failing >= this.#destination.retryMs;
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

  async take({ objects }: FormattedChunk, plan: ChunkPlan, wasAsked: boolean): Promise<void> {
    for (const spec of this.#destination.tables) {
      const name = nameOf(spec);
      const files = objects.flatMap(({ file }) => (file?.table === name ? [inBuffers(file.data)] : []));
      if (files.length > 0) await this.#takeFiles(spec, files, plan, wasAsked);
    }
  }

  /** Gives up only where it is certain that the table has none of it, and will not have it later. */
  async #takeFiles(
    spec: IcebergTableSpec,
    files: readonly DataFile[],
    plan: ChunkPlan,
    wasAsked: boolean,
  ): Promise<void> {
    const doubt = { isSeen: !wasAsked, isUnknown: false };
    const isEnough = (failing: Millis) => doubt.isSeen && !doubt.isUnknown && this.#isTriedLong(failing);
    try {
      await this.#insistence.on(() => this.#append(spec, files, plan, doubt), isEnough);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new GivenUpError(plan.number, nameOf(spec), refusalOf(error));
    }
  }

  async #append(
    spec: IcebergTableSpec,
    files: readonly DataFile[],
    plan: ChunkPlan,
    doubt: Doubt,
  ): Promise<void> {
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
    doubt.isSeen = true;
    try {
      await table.append(files, { writer, before, marks }, signal);
    } catch (error) {
      if (error instanceof IcebergError && error.code === 'CommitStateUnknown') doubt.isUnknown = true;
      throw error;
    }
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
      // A create whose answer was lost is known by it.
      const properties = { [creatorProperty]: this.#parts.spec.id };
      return await catalog.create({ namespace, table }, { schema, partition, properties }, signal);
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

/** What is known of whether a table has a chunk. */
type Doubt = {
  /** In this run it was seen not to, or nobody has asked it to before. */
  isSeen: boolean;
  /** Something was asked of it that may have been done, or may be yet. */
  isUnknown: boolean;
};

function isRefusal(error: unknown): error is IcebergError | ObjectStoreError {
  return error instanceof IcebergError || error instanceof ObjectStoreError;
}

function refusalOf(error: IcebergError | ObjectStoreError): TableRefusal {
  const of = error instanceof IcebergError ? 'Iceberg' : 'S3';
  return { code: `${of}.${error.code}`, message: error.message };
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
