/** What a stream does in a second, on average, and how it is set up: all that AWS bills of it. */
export type Usage = {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** As it is billed now; what the other modes would cost is told all the same. */
  readonly mode: 'provisioned' | 'on-demand';
  /** Open shards, of a provisioned stream. */
  readonly shards: number;
  readonly retentionHours: number;
  readonly recordsIn: number;
  readonly bytesIn: number;
  /** Units of 25 KB, each record rounded up. */
  readonly putUnits: number;
  /** Each record rounded up. */
  readonly kilobytesIn: number;
  /** Of GetRecords. */
  readonly bytesOut: number;
  /** Of GetRecords, of records older than seven days. */
  readonly longTermBytesOut: number;
  /** Registered consumers, and what all of them are sent. */
  readonly fanOutConsumers: number;
  readonly fanOutBytes: number;
};
