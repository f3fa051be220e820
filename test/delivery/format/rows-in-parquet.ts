import type { JsonReading, ParquetForm } from '../../../src/delivery/delivery-spec.ts';
import { openParquetObject, type ParquetObject } from '../../../src/delivery/format/parquet-object.ts';
import type { DeliveredRecord } from '../../../src/delivery/record/delivered-record.ts';
import { type GlueColumn, schemaOfGlueColumns } from '../../../src/delivery/schema/glue-columns.ts';

export const usualReading: JsonReading = {
  isCaseInsensitive: true,
  columnOfKey: {},
  dotsBecomeUnderscores: false,
  timestampFormats: [],
};

/**
 * An object with these columns, in Glue's words: `a int, b array<string>` as `{ a: 'int', b: 'array<string>'
 * }`.
 */
export function openRows(columns: Record<string, string>, form: Partial<ParquetForm> = {}): ParquetObject {
  const glue = Object.entries(columns).map(([Name, Type]): GlueColumn => ({ Name, Type }));
  return openParquetObject(
    {
      kind: 'parquet',
      schema: schemaOfGlueColumns(glue),
      compression: 'SNAPPY',
      reading: usualReading,
      ...form,
    },
    { now: () => 1_700_000_000_000 },
  );
}

/** Records with these texts, or values as JSON. */
export function recordsOf(...data: readonly (string | Buffer | object)[]): DeliveredRecord[] {
  return data.map((one, offset) => ({
    data: Buffer.isBuffer(one) ? one : Buffer.from(typeof one === 'string' ? one : JSON.stringify(one)),
    arrival: 0,
    from: { shard: 0, offset, partitionKey: 'key', sequenceNumber: String(offset) },
  }));
}
