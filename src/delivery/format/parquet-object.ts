import type { ColumnSource } from 'hyparquet-writer';
import type { Clock } from '../../env/clock.ts';
import type { ColumnFacts } from '../../iceberg/iceberg-table.ts';
import type { ParquetForm } from '../delivery-spec.ts';
import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';
import type { ObjectWriter } from './object-writer.ts';

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
 * schema, is answered by `add` and is not in it. `clock` says when that was.
 */
export function openParquetObject(form: ParquetForm, clock: Pick<Clock, 'now'>): ParquetObject {
  const rows: Record<string, unknown>[] = [];
  let rawBytes = 0;
  let records = 0;
  return {
    get rawBytes() {
      return rawBytes;
    },
    get records() {
      return records;
    },
    get heldBytes() {
      return rawBytes * 4;
    },
    async add(added: readonly DeliveredRecord[]) {
      const refused: RefusedRecord[] = [];
      for (const record of added) {
        try {
          rows.push(JSON.parse(record.data.toString()) as Record<string, unknown>);
          rawBytes += record.data.length;
          records += 1;
        } catch (error) {
          refused.push({
            record,
            kind: 'format-conversion-failed',
            code: 'DataFormatConversion.ParseError',
            message: `Encountered malformed JSON. ${(error as Error).message}`,
            attempts: 1,
            attemptEndedAt: clock.now(),
          });
        }
      }
      return refused;
    },
    async finish() {
      const { parquetWriteBuffer } = await import('hyparquet-writer');
      const columnData: ColumnSource[] = form.schema.fields.map((field) => ({
        name: field.name,
        data: rows.map((row) => row[field.name] ?? null),
        type:
          field.type.kind === 'int'
            ? 'INT32'
            : field.type.kind === 'double'
              ? 'DOUBLE'
              : field.type.kind === 'boolean'
                ? 'BOOLEAN'
                : 'STRING',
      }));
      const bytes = Buffer.from(parquetWriteBuffer({ columnData, codec: 'SNAPPY' }));
      return { bytes: [bytes], contentType: 'application/vnd.apache.parquet', extension: '.parquet' };
    },
    facts: () => ({ rows: rows.length, columns: new Map(), splitOffsets: [4] }),
  };
}
