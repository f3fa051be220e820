import type { Clock } from '../../env/clock.ts';
import type { ColumnFacts } from '../../iceberg/iceberg-table.ts';
import type { ParquetForm } from '../delivery-spec.ts';
import { type ColumnReader, rowReaderOf } from '../json/column-readers.ts';
import { JsonError, MismatchError } from '../json/json-error.ts';
import { JsonKind, JsonTape } from '../json/json-tape.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import type { FinishedObject, ObjectWriter } from './object-writer.ts';
import { compressionOf } from './parquet/compression.ts';
import { LeafColumn } from './parquet/leaf-column.ts';
import { ParquetFile } from './parquet/parquet-file.ts';
import { valuesOf } from './parquet/parquet-leaf.ts';
import { loadParquetLibrary, type ParquetLibrary } from './parquet/parquet-library.ts';
import { parquetSchemaOf } from './parquet/parquet-schema.ts';

/** An object in Parquet, and what a table says of it. */
export interface ParquetObject extends ObjectWriter {
  /** Of all rows, once it is finished. */
  facts(): ParquetFacts;
}

export type ParquetFacts = {
  /** A record may hold several documents, each of which is a row. */
  readonly rows: number;
  /** Of the leaves, by field id; bounds as Iceberg encodes single values. */
  readonly columns: ReadonlyMap<number, ColumnFacts>;
  /** Where row groups begin. */
  readonly splitOffsets: readonly number[];
};

/**
 * Begins an object of rows in Parquet, from records of JSON. A record that is no JSON, or does not fit the
 * schema, is answered by `add` and is not in it. `clock` says when that was. Throws `SchemaError` for a
 * pattern of timestamps that is not supported.
 */
export function openParquetObject(form: ParquetForm, clock: Pick<Clock, 'now'>): ParquetObject {
  return new RowsInParquet(form, clock);
}

/** What a file takes of V8's heap besides its columns, whatever is in it: measured. */
const objectBytes = 4 * 1024;

/** Firehose's defaults (API reference, `ParquetSerDe`). */
const blockBytesDefault = 256 * 1024 * 1024;
const pageBytesDefault = 1024 * 1024;
/** After so many rows or bytes of records, pages are cut that are full. */
const rowsBetweenCuts = 64;
const bytesBetweenCuts = 64 * 1024;

class RowsInParquet implements ParquetObject {
  readonly #form: ParquetForm;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #tape = new JsonTape();
  #parts: Parts | undefined;
  /** Of the row group. */
  #rows = 0;
  #rowsSinceCut = 0;
  #bytesSinceCut = 0;
  rawBytes = 0;
  records = 0;

  constructor(form: ParquetForm, clock: Pick<Clock, 'now'>) {
    this.#form = form;
    this.#clock = clock;
  }

  get heldBytes(): number {
    const { file, columns } = this.#parts ?? { columns: [] };
    const ofColumns = columns.reduce((sum, column) => sum + column.heldBytes, 0);
    return objectBytes + this.#tape.heldBytes + (file?.bytes ?? 0) + ofColumns;
  }

  async add(records: readonly DeliveredRecord[]): Promise<readonly RefusedRecord[]> {
    const parts = await this.#open();
    const refused: RefusedRecord[] = [];
    for (const record of records) {
      const problem = this.#addRecord(record.data, parts);
      if (problem !== undefined) refused.push(this.#refusal(record, problem));
      if (this.#rowsSinceCut >= rowsBetweenCuts || this.#bytesSinceCut >= bytesBetweenCuts) {
        await this.#cut(parts);
      }
    }
    for (const column of parts.columns) await column.settled();
    return refused;
  }

  async finish(): Promise<FinishedObject> {
    const { file } = await this.#open();
    await this.#writeRowGroup(file);
    return { bytes: file.finish(), contentType: 'application/octet-stream', extension: '.parquet' };
  }

  facts(): ParquetFacts {
    const file = this.#parts?.file;
    return {
      rows: file?.rows ?? 0,
      columns: file?.facts() ?? new Map(),
      splitOffsets: file?.splitOffsets ?? [],
    };
  }

  async #open(): Promise<Parts> {
    this.#parts ??= openParts(this.#form, await loadParquetLibrary());
    return this.#parts;
  }

  /** Adds all rows of a record, or none: then why. */
  #addRecord(data: Buffer, { columns, reader }: Parts): Problem | undefined {
    for (const column of columns) column.mark();
    try {
      const rows = this.#readRows(data, reader);
      if (rows === 0) return emptyRecord;
      this.#rows += rows;
      this.#rowsSinceCut += rows;
      this.#bytesSinceCut += data.length;
      this.rawBytes += data.length;
      this.records += 1;
      return undefined;
    } catch (error) {
      for (const column of columns) column.rollback();
      return problemOf(error);
    }
  }

  #readRows(data: Buffer, reader: ColumnReader): number {
    const tape = this.#tape;
    tape.begin(data);
    let rows = 0;
    for (; tape.next(); rows += 1) {
      if (tape.kind(0) < JsonKind.array) throw new PrimitiveError();
      reader.read(tape, 0, 0, 0);
    }
    return rows;
  }

  async #cut({ columns, file }: Parts): Promise<void> {
    this.#rowsSinceCut = 0;
    this.#bytesSinceCut = 0;
    const { blockBytes = blockBytesDefault, pageBytes = pageBytesDefault } = this.#form;
    let plainBytes = 0;
    for (const column of columns) {
      column.cutIfFull(pageBytes);
      plainBytes += column.plainBytes;
    }
    if (plainBytes >= blockBytes) await this.#writeRowGroup(file);
  }

  async #writeRowGroup(file: ParquetFile): Promise<void> {
    const rows = this.#rows;
    this.#rows = 0;
    if (rows > 0) await file.writeRowGroup(rows);
  }

  #refusal(record: DeliveredRecord, problem: Problem): RefusedRecord {
    const attemptEndedAt = this.#clock.now();
    return { record, kind: 'format-conversion-failed', ...problem, attempts: 1, attemptEndedAt };
  }
}

type Parts = {
  readonly columns: readonly LeafColumn[];
  readonly reader: ColumnReader;
  readonly file: ParquetFile;
};

function openParts(form: ParquetForm, library: ParquetLibrary): Parts {
  const schema = parquetSchemaOf(form.schema);
  const compression = compressionOf(form.compression, library);
  const columns: LeafColumn[] = [];
  const reader = rowReaderOf(schema.columns, form.reading, (leaf) => {
    const values = valuesOf(leaf, library, form.pageBytes ?? pageBytesDefault);
    const column = new LeafColumn(leaf, values, compression, library);
    columns.push(column);
    return { column, values };
  });
  return { columns, reader, file: new ParquetFile(library, schema, columns) };
}

/** As Firehose says in error records: its codes, and how its messages begin. */
type Problem = { readonly code: string; readonly message: string };

const emptyRecord: Problem = {
  code: 'DataFormatConversion.MalformedData',
  message: 'The record was empty or contained only whitespace.',
};

const primitiveAtTop: Problem = {
  code: 'DataFormatConversion.MalformedData',
  message: 'The input JSON contained a primitive at the top level. The top level must be an object or array.',
};

function problemOf(error: unknown): Problem {
  if (error instanceof JsonError) {
    return {
      code: 'DataFormatConversion.ParseError',
      message: `Encountered malformed JSON. ${error.message}`,
    };
  }
  if (error instanceof PrimitiveError) return primitiveAtTop;
  if (!(error instanceof MismatchError)) throw error;
  const message = `Data does not match the schema. ${error.message}`;
  return { code: 'DataFormatConversion.MalformedData', message };
}

class PrimitiveError extends Error {}
