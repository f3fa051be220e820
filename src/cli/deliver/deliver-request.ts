import type { Millis } from '../../env/clock.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { PlaceOptions } from '../aws-place.ts';

/** What `millrace deliver` is asked for. */
export type DeliverRequest = PlaceOptions & {
  readonly stream: string;
  readonly from: DeliverFrom;
  readonly to: { readonly bucket: string; readonly prefix: string };
  readonly form: DeliverForm;
  /** An object ends at so many bytes. */
  readonly objectBytes: number;
  /** The URL of the store; undefined for that of AWS's variables, or AWS's own. */
  readonly s3: string | undefined;
  /** Path of the folder that says how far it has come. */
  readonly state: string;
  /** Whether it goes on with what arrives until it is told to end. */
  readonly follows: boolean;
};

export type DeliverFrom =
  | { readonly kind: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly kind: 'AT_TIMESTAMP'; readonly at: Millis };

export type DeliverForm =
  /** A record on each line; JSON is what is checked to be JSON. */
  | { readonly kind: 'text' | 'json'; readonly compression: 'NONE' | 'GZIP' | 'ZIP' | 'SNAPPY' | 'ZSTD' }
  /** Undefined columns: what the first records look like. */
  | {
      readonly kind: 'parquet';
      readonly compression: RowCompression;
      readonly columns: TableSchema | undefined;
    }
  | {
      readonly kind: 'iceberg';
      readonly compression: RowCompression;
      readonly columns: TableSchema | undefined;
      readonly namespace: string;
      readonly table: string;
      /** The URL of a REST catalog; undefined where the bucket is the catalog. */
      readonly catalog: string | undefined;
    };

export type RowCompression = 'NONE' | 'GZIP' | 'SNAPPY' | 'ZSTD';
