import type { Millis } from '../env/clock.ts';
import type { CatalogSpec } from '../iceberg/catalog-spec.ts';
import type { TableSchema } from '../iceberg/table-schema.ts';
import type { StreamAddress } from '../kinesis/arn.ts';

/**
 * What is to be delivered from where to where: a delivery stream of Firehose, a channel of a stream, or what
 * `millrace deliver` does once. Plain data. Made of what was asked for by whoever keeps that.
 */
export type DeliverySpec = {
  /** Unique over all that ever was: `firehose/<id>`, `channel/<id>`, `once/<id>`. */
  readonly id: string;
  /** Another one with each change of what follows. */
  readonly revision: string;
  readonly owner: DeliveryOwner;
  readonly source: SourceSpec;
  /** A chunk ends at so many bytes of records, or so long after its first record. */
  readonly buffering: { readonly bytes: number; readonly ms: Millis };
  readonly stages: RecordStages;
  readonly lambda?: LambdaStage | undefined;
  readonly destination: DestinationSpec;
  /** All records as they came, besides. */
  readonly backup?: ObjectTarget | undefined;
  /** Where records go that cannot be delivered. */
  readonly errors: ObjectTarget;
};

export type DeliveryOwner = {
  readonly kind: 'firehose' | 'channel' | 'once';
  readonly account: string;
  readonly region: string;
  /** Of the delivery stream, or of the channel. */
  readonly name: string;
  readonly arn: string;
  /** A channel's id; a delivery stream's version (`VersionId`), as names of objects have it. */
  readonly number: string;
};

export type SourceSpec = {
  readonly stream: StreamAddress;
  /** The stream's id: one that is made anew under the name is another one. */
  readonly streamId: string;
  /** Undefined for a hidden stream, which has what was put to a delivery stream directly. */
  readonly arn: string | undefined;
  /**
   * As which it is read; undefined for what the server reads as itself: a hidden stream, and what `deliver`
   * was asked for.
   */
  readonly role?: string | undefined;
  readonly start:
    | { readonly kind: 'LATEST' | 'TRIM_HORIZON' }
    | { readonly kind: 'AT_TIMESTAMP'; readonly at: Millis };
  /** `deliver` ends where the shards end when it begins. */
  readonly isOnce: boolean;
};

/** What is done to each record, in this order. */
export type RecordStages = {
  /** Aggregates of the KPL are taken apart, as with every stream that is a source. */
  readonly takesKplApart: boolean;
  /** A payload of the Glue schema registry loses its header (18 bytes). */
  readonly isSchemaRegistry: boolean;
  readonly decompresses: boolean;
  /**
   * Records are what CloudWatch Logs subscriptions send; `messages` has a record be the messages of its log
   * events, a line each.
   */
  readonly cloudWatchLogs?: 'whole' | 'messages' | undefined;
  readonly deaggregation?:
    | { readonly kind: 'JSON' }
    | { readonly kind: 'DELIMITED'; readonly delimiter: string }
    | undefined;
  /** What a record must be; else it goes to the errors. */
  readonly validity?: 'JSON' | 'UTF8' | undefined;
  /** After the Lambda stage. */
  readonly partitioning?: PartitioningSpec | undefined;
  /** Bytes between records of an object, in base64; undefined for none. */
  readonly delimiter?: string | undefined;
};

export type PartitioningSpec = {
  /**
   * A program of jq whose answer is an object, by the names of keys (`MetadataExtractionQuery`); undefined
   * where keys come from the function alone.
   */
  readonly query: string | undefined;
  readonly activeMax: number;
};

export type LambdaStage = {
  readonly functionArn: string;
  readonly role: string;
  readonly retries: number;
  readonly buffering: { readonly bytes: number; readonly ms: Millis };
};

export type DestinationSpec =
  | { readonly kind: 's3'; readonly target: ObjectTarget; readonly form: ObjectForm }
  | HttpDestination
  | IcebergDestination;

/** What of an object is as it is. */
export type ObjectForm = { readonly kind: 'text'; readonly compression: Compression } | ParquetForm;

/** `NONE` to `HADOOP_SNAPPY` are Firehose's, `ZSTD` is a channel's. */
export type Compression = 'NONE' | 'GZIP' | 'ZIP' | 'SNAPPY' | 'HADOOP_SNAPPY' | 'ZSTD';

export type ParquetForm = {
  readonly kind: 'parquet';
  readonly schema: TableSchema;
  readonly compression: 'NONE' | 'GZIP' | 'SNAPPY' | 'ZSTD';
  /**
   * A row group ends at so many bytes, before compression: Firehose's `BlockSizeBytes`, 256 MiB unless it
   * says.
   */
  readonly blockBytes?: number | undefined;
  /** So does a page, and its dictionary: `PageSizeBytes`, 1 MiB unless it says. */
  readonly pageBytes?: number | undefined;
  /** Where the schema is from, as error records say it. */
  readonly catalogTable?: CatalogTable | undefined;
  /** How JSON is read: `OpenXJsonSerDe` and `HiveJsonSerDe` of the Firehose API reference. */
  readonly reading: JsonReading;
};

/** A table of Glue's (Firehose API reference, SchemaConfiguration); the version is `LATEST` or a number. */
export type CatalogTable = {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly tableName: string;
  readonly region: string;
  readonly versionId: string;
};

export type JsonReading = {
  /**
   * OpenX's unless it says. Hive's takes no numbers from strings, and no text from what is nested (Developer
   * Guide, "Choose the JSON deserializer").
   */
  readonly serde?: 'openx' | 'hive' | undefined;
  readonly isCaseInsensitive: boolean;
  /** Column by the key in JSON. */
  readonly columnOfKey: Readonly<Record<string, string>>;
  readonly dotsBecomeUnderscores: boolean;
  /** Patterns of Joda-Time besides the usual ones; `millis` for a number. */
  readonly timestampFormats: readonly string[];
};

export type ObjectTarget = {
  readonly bucket: string;
  /** The account that must have the bucket. */
  readonly bucketOwner?: string | undefined;
  readonly names: ObjectNames;
  readonly compression: Compression;
  readonly storageClass?: string | undefined;
  readonly kmsKeyArn?: string | undefined;
};

export type ObjectNames =
  /** Firehose's expressions; an extension that is undefined follows from the compression. */
  | {
      readonly kind: 'firehose';
      readonly prefix: string;
      readonly extension: string | undefined;
      /** An IANA name. */
      readonly timeZone: string;
    }
  /** A channel's `OutputKeyTemplate`, or an error prefix. */
  | { readonly kind: 'channel'; readonly template: string };

export type HttpDestination = {
  readonly kind: 'http';
  readonly url: string;
  readonly accessKey: string | undefined;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly isGzip: boolean;
  /** How long it is tried again before records go to the errors. */
  readonly retryMs: Millis;
};

export type IcebergDestination = {
  readonly kind: 'iceberg';
  readonly tables: readonly IcebergTableSpec[];
  /** Firehose routes by what queries or a function say (`otfMetadata`); a channel has one table. */
  readonly compression: 'NONE' | 'GZIP' | 'SNAPPY' | 'ZSTD';
  readonly retryMs: Millis;
  readonly reading: JsonReading;
};

export type IcebergTableSpec = {
  readonly catalog: CatalogSpec;
  readonly namespace: string;
  readonly table: string;
  /** Undefined: the table's own; where there is no table, what the first records look like. */
  readonly schema: TableSchema | undefined;
  readonly partition?:
    | { readonly column: string; readonly transform: 'hour' | 'day' | 'month' | 'year' | 'identity' }
    | undefined;
  readonly creates: 'always' | 'if missing' | 'never';
};

export type { CatalogSpec } from '../iceberg/catalog-spec.ts';
