import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';

/** A record on its way, between two stages. `data` may be shared, and is never changed in place. */
export type DeliveredRecord = {
  readonly data: Buffer;
  /** When it arrived in its stream, in milliseconds since 1970. */
  readonly arrival: Millis;
  readonly from: RecordOrigin;
  /** As it came, where a stage made `data` of it: what errors and backups have. */
  readonly original?: Buffer | undefined;
  /** By name: what a function says. */
  readonly partitionKeys?: Readonly<Record<string, string>> | undefined;
  /** By name: what queries say. */
  readonly queryKeys?: Readonly<Record<string, string>> | undefined;
  /** A function's `otfMetadata`: where in Iceberg it goes, and what is done there. */
  readonly table?:
    | { readonly namespace: string; readonly table: string; readonly operation: string }
    | undefined;
};

export type RecordOrigin = {
  readonly shard: number;
  readonly offset: Offset;
  /** Of those that an aggregate held; undefined for a record that came alone. */
  readonly sub?: number | undefined;
  readonly partitionKey: string | undefined;
  readonly sequenceNumber: string;
};

/** A record that cannot be delivered: it goes to the errors, with AWS's account of it. */
export type RefusedRecord = {
  readonly record: DeliveredRecord;
  /**
   * The folder of errors: `processing-failed`, `format-conversion-failed`, … (`firehose:error-output-type`).
   */
  readonly kind: ErrorOutputType;
  /** AWS's `errorCode`, such as `Lambda.FunctionError` or `DataFormatConversion.ParseError`. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly attemptEndedAt: Millis;
  /** Of the function that refused it. */
  readonly lambdaArn?: string | undefined;
};

export type ErrorOutputType =
  | 'processing-failed'
  | 'format-conversion-failed'
  | 'http-endpoint-failed'
  | 'iceberg-failed'
  | 'metadata-extraction-failed'
  | 'dynamic-partitioning-failed'
  | 'decompression-failed'
  | 'channel-failed';
