/** A record as it was put, wherever it was read from. */
export type ViewedRecord = {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** In milliseconds since 1970. */
  readonly arrival: number;
  readonly data: Uint8Array;
};

/** How data is to be understood. `auto` finds out, record by record. */
export type Decoder = 'auto' | 'json' | 'text' | 'hex' | 'base64' | 'cbor' | 'avro';

export type Decoding = {
  readonly decoder: Decoder;
  /**
   * An Avro schema as JSON; for `avro` alone, where data does not begin with an object container file's own.
   */
  readonly schema?: string;
  /** Whether records of the KPL are taken apart; they are by default. */
  readonly deaggregate: boolean;
};

/** What a record is, decoded. One aggregated record of the KPL is several of these. */
export type DecodedRecord = Omit<ViewedRecord, 'data'> & {
  /** The place in an aggregated record, from 0; undefined for what was put by itself. */
  readonly subSequence?: number;
  readonly explicitHashKey?: string;
  /**
   * What was found on the way in, outermost first: `kpl`, `gzip`, `zstd`, `glue` and `confluent` (headers of
   * schema registries), and last the form: `json`, `text`, `cbor`, `avro`, `hex`, `base64`.
   */
  readonly forms: readonly string[];
  /** What a registry knows the schema as: a UUID of Glue's, a number of Confluent's. */
  readonly schemaId?: string;
  /** The bytes after decompression, without the header of a registry. */
  readonly data: Uint8Array;
  /**
   * A JSON value where the form is structured (numbers that a double does not hold as texts, bytes in
   * base64), else the text. At most 200 deep.
   */
  readonly body: unknown;
  /** Why it could not be understood as asked; the body is then hex. */
  readonly trouble?: string;
};

/**
 * Which records are wanted: an expression of CEL over `key`, `time` (timestamp), `body`, `size`, `shard`,
 * `sequence` and `text`. What fails for a record (a field that is not there) is false for it.
 */
export interface Where {
  matches(record: DecodedRecord): boolean;
}
