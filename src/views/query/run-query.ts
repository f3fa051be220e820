import {
  type AsyncDataSource,
  type AsyncRow,
  type ExecuteContext,
  executePlan,
  executeSql,
  planSql,
} from 'squirreling';
import { recordText } from '../record-text.ts';
import type { DecodedRecord } from '../view.ts';
import { fieldFunctions } from './body-fields.ts';
import { HeldRows } from './held-rows.ts';
import { hasSubqueries, heldColumns, holdsRows, requireBearable } from './plan-limits.ts';
import { queryError } from './query-error.ts';
import { type ReadQuery, readQuery } from './read-query.ts';
import { boundsOf } from './scan-bounds.ts';

/** What of a stream a query needs at most. All records of it may be answered, more may be as well. */
export type ScanBounds = {
  /** In milliseconds since 1970: from the first, before the second. */
  readonly from: number | undefined;
  readonly end: number | undefined;
  /** Their ids; undefined for all. */
  readonly shards: readonly string[] | undefined;
  /** No more records than this many are looked at; undefined where that is not known. */
  readonly limit: number | undefined;
};

/** Pages of records, as they come; it is ended by its `return` when no more are wanted. */
export type Scan = (bounds: ScanBounds, signal: AbortSignal) => AsyncIterable<Iterable<DecodedRecord>>;

export type QueryAnswer = {
  readonly columns: readonly string[];
  /** A value for each column: a text, a number, a boolean, null, or a value of JSON. */
  readonly rows: AsyncIterable<readonly unknown[]>;
};

/** The columns of the table, and what a record has in each. Time is as ISO 8601, in UTC with milliseconds. */
const columnValues: Readonly<Record<string, (record: DecodedRecord) => unknown>> = {
  shard: (record) => record.shardId,
  sequence: (record) => record.sequenceNumber,
  key: (record) => record.partitionKey,
  time: ({ arrival }) => new Date(arrival).toISOString(),
  size: ({ data }) => data.length,
  body: (record) => record.body,
  text: recordText,
  forms: (record) => record.forms,
};

const queryColumns: readonly string[] = Object.keys(columnValues);

/**
 * Asks records by SQL (the dialect of squirreling): the table is `records`, a field of a body is
 * `body.customer.name`, null where it is not there. Rows come as they are found. `ViewError`, with the
 * position, where it is no query; rows fail with it where memory would not do, with what a scan fails with,
 * and with the signal's reason.
 */
export function runQuery(sql: string, scan: Scan, signal: AbortSignal): QueryAnswer {
  const query = readQuery(sql);
  try {
    const run = new QueryRun(scan, signal);
    const results = run.begin(query);
    return { columns: results.columns, rows: run.rowsOf(results, query) };
  } catch (error) {
    throw queryError(error, queryColumns, query);
  }
}

type Results = ReturnType<typeof executePlan>;

class QueryRun {
  readonly #scan: Scan;
  readonly #signal: AbortSignal;
  readonly #held = new HeldRows();
  #holds = false;
  #hasSubqueries = false;
  #heldColumns: ReadonlySet<string> | undefined;
  #scans = 0;
  /** What a scan failed with, which is not the query's fault. */
  #failure: { readonly error: unknown } | undefined;

  constructor(scan: Scan, signal: AbortSignal) {
    this.#scan = scan;
    this.#signal = signal;
  }

  begin({ statement }: ReadQuery): Results {
    const given = { tables: { records: this.#table() }, query: statement, functions: fieldFunctions };
    const plan = planSql(given);
    requireBearable(plan, statement);
    this.#holds = holdsRows(plan, statement);
    this.#hasSubqueries = hasSubqueries(statement);
    this.#heldColumns = heldColumns(statement);
    return executeSql({ ...given, signal: this.#signal });
  }

  async *rowsOf({ columns, rows }: Results, query: ReadQuery): AsyncIterable<readonly unknown[]> {
    try {
      for await (const { cells } of rows()) {
        this.#signal.throwIfAborted();
        yield await Promise.all(columns.map(async (column) => shown(await cells[column]?.())));
      }
    } catch (error) {
      if (this.#signal.aborted || error === this.#failure?.error) throw error;
      throw queryError(error, queryColumns, query);
    }
    // The library ends rows silently when it is told to stop.
    this.#signal.throwIfAborted();
  }

  #table(): AsyncDataSource {
    return {
      columns: [...queryColumns],
      scan: ({ columns = [...queryColumns], where, limit, offset = 0 }) => {
        const bounds = boundsOf(
          where,
          where === undefined && limit !== undefined ? limit + offset : undefined,
        );
        const rows = () => this.#rows(bounds, [...columns]);
        if (!this.#holds) return { rows, appliedWhere: false, appliedLimitOffset: false };
        // A condition of a subquery may be about the row around it, which only the library knows.
        const appliedWhere = !this.#hasSubqueries;
        const kept = where === undefined || !appliedWhere ? rows : () => this.#filtered(where, rows);
        const held = columns.filter((column) => this.#heldColumns?.has(column) ?? true);
        return { rows: () => this.#held.hold(kept(), held), appliedWhere, appliedLimitOffset: false };
      },
    };
  }

  async *#rows(bounds: ScanBounds, columns: string[]): AsyncGenerator<AsyncRow> {
    if (++this.#scans > scansMax) throw new Error(`a query reads the stream ${scansMax} times at most`);
    for await (const page of this.#pages(bounds)) {
      for (const record of page) yield rowOf(record, columns);
    }
  }

  async *#pages(bounds: ScanBounds): AsyncIterable<Iterable<DecodedRecord>> {
    try {
      yield* this.#scan(bounds, this.#signal);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** By the library's own filter: what is held is counted behind it. */
  #filtered(where: NonNullable<Condition>, rows: () => AsyncGenerator<AsyncRow>): AsyncGenerator<AsyncRow> {
    const scan = () => ({ rows, appliedWhere: false, appliedLimitOffset: false });
    const tables = { records: { columns: [...queryColumns], scan } };
    const context: ExecuteContext = { tables, functions: fieldFunctions, signal: this.#signal };
    return executePlan({ plan: { type: 'Scan', table: 'records', hints: { where } }, context }).rows();
  }
}

type Condition = Parameters<AsyncDataSource['scan']>[0]['where'];

/** One for itself and a few for subqueries: one that depends on the row would read it for each. */
const scansMax = 4;

/** Values are made when they are asked for: text is dear. */
function rowOf(record: DecodedRecord, columns: string[]): AsyncRow {
  const cells: AsyncRow['cells'] = {};
  for (const column of columns)
    cells[column] = async () =>
      columnValues[column]!(record) as Awaited<ReturnType<AsyncRow['cells'][string]>>;
  return { columns, cells };
}

/** As JSON has it. */
function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Date ? value.toISOString() : value;
}
