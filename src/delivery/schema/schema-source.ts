import type { GlueColumn } from './glue-columns.ts';

/** Where schemas are described that others only name. */
export interface SchemaSource {
  /**
   * The newest version of a schema of the Glue Schema Registry, by its ARN, as parsed JSON. Rejects with
   * `SchemaError` where there is none or it is no JSON, and with another error where that may pass.
   */
  schemaOf(arn: string, signal?: AbortSignal): Promise<unknown>;
  /** The columns of a table in Glue's Data Catalog. Rejects in the same way. */
  columnsOf(table: GlueTable, signal?: AbortSignal): Promise<readonly GlueColumn[]>;
}

export type GlueTable = {
  readonly region: string;
  readonly database: string;
  readonly table: string;
  /** The account of the catalog, where it is said. */
  readonly catalogId?: string | undefined;
  /** `LATEST`, or a number. */
  readonly version?: string | undefined;
};
