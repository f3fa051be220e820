import type { RowGroup } from 'hyparquet';
import type { ColumnFacts } from '../../../iceberg/iceberg-table.ts';
import type { LeafColumn } from './leaf-column.ts';
import type { ParquetLibrary } from './parquet-library.ts';
import type { ParquetSchema } from './parquet-schema.ts';

const magic = Buffer.from('PAR1');
/** A program and its version, in the form that readers take apart to know each other's faults. */
const createdBy = 'millrace version 0.1.0 (build hyparquet-writer)';

/** The bytes of a file, row group by row group. */
export class ParquetFile {
  readonly #library: ParquetLibrary;
  readonly #schema: ParquetSchema;
  readonly #columns: readonly LeafColumn[];
  readonly #pieces: Buffer[] = [magic];
  #bytes = magic.length;
  readonly #rowGroups: RowGroup[] = [];
  readonly #splitOffsets: number[] = [];
  #rows = 0;

  constructor(library: ParquetLibrary, schema: ParquetSchema, columns: readonly LeafColumn[]) {
    this.#library = library;
    this.#schema = schema;
    this.#columns = columns;
  }

  /** Of what is written. */
  get bytes(): number {
    return this.#bytes;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Where row groups begin. */
  get splitOffsets(): readonly number[] {
    return this.#splitOffsets;
  }

  /** Of the leaves, by field id. */
  facts(): ReadonlyMap<number, ColumnFacts> {
    return new Map(this.#columns.map((column) => [column.leaf.fieldId, column.facts()]));
  }

  /** Writes the rows that the columns hold as a row group. */
  async writeRowGroup(rows: number): Promise<void> {
    const start = this.#bytes;
    const chunks: RowGroup['columns'] = [];
    let plainBytes = 0;
    for (const column of this.#columns) {
      const { written, chunk } = await column.takeChunk(this.#bytes);
      for (const piece of written.pieces) this.#pieces.push(piece);
      this.#bytes += written.bytes;
      plainBytes += written.plainBytes;
      chunks.push(chunk);
    }
    this.#rowGroups.push({
      columns: chunks,
      total_byte_size: BigInt(plainBytes),
      num_rows: BigInt(rows),
      file_offset: BigInt(start),
      total_compressed_size: BigInt(this.#bytes - start),
    });
    this.#splitOffsets.push(start);
    this.#rows += rows;
  }

  /** Writes the footer, and answers all bytes. */
  finish(): Buffer[] {
    const writer = new this.#library.ByteWriter();
    this.#library.writeMetadata(writer, {
      version: 2,
      created_by: createdBy,
      schema: [...this.#schema.elements],
      num_rows: BigInt(this.#rows),
      row_groups: this.#rowGroups,
      metadata_length: 0,
    });
    this.#pieces.push(Buffer.from(writer.getBytes()), magic);
    return this.#pieces;
  }
}
