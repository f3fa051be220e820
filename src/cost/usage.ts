/** What a stream does in a second, on average, and how it is set up: all that AWS bills of it. */
export type Usage = {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** As it is billed now; what the other modes would cost is told all the same. */
  readonly mode: 'provisioned' | 'on-demand';
  /** Open shards: those that it has, or would be given as a provisioned stream. */
  readonly shards: number;
  readonly retentionHours: number;
  readonly recordsIn: number;
  readonly bytesIn: number;
  /** Units of 25 KB, each record rounded up. */
  readonly putUnits: number;
  /** Each record rounded up. */
  readonly kilobytesIn: number;
  /** Of GetRecords, without what is in `longTermBytesOut`. */
  readonly bytesOut: number;
  /** Of GetRecords, of records older than seven days. */
  readonly longTermBytesOut: number;
  /** Registered consumers, and what all of them are sent. */
  readonly fanOutConsumers: number;
  readonly fanOutBytes: number;
};

/** A load as one describes it, before there is a stream. */
export type PlannedLoad = {
  readonly name: string;
  readonly recordsPerSecond: number;
  /** Key and data. */
  readonly bytesPerRecord: number;
  /** By GetRecords, and registered ones with a throughput of their own. */
  readonly pollingReaders: number;
  readonly fanOutReaders: number;
  readonly retentionHours: number;
  /** Undefined for as many as the load takes. */
  readonly shards: number | undefined;
};

/** All readers read everything once. */
export function plannedUsage(load: PlannedLoad): Usage {
  const { recordsPerSecond: records, bytesPerRecord: bytes, retentionHours } = load;
  const bytesIn = records * bytes;
  const bytesOut = bytesIn * load.pollingReaders;
  return {
    ...{ name: load.name, tags: {}, mode: 'provisioned', retentionHours },
    shards: load.shards ?? shardsFor({ recordsIn: records, bytesIn, bytesOut }),
    ...{ recordsIn: records, bytesIn, bytesOut, longTermBytesOut: 0 },
    putUnits: records * Math.ceil(bytes / putUnitBytes),
    kilobytesIn: records * Math.ceil(bytes / 1024),
    fanOutConsumers: load.fanOutReaders,
    fanOutBytes: bytesIn * load.fanOutReaders,
  };
}

/** AWS's pricing page, "PUT payload unit". */
const putUnitBytes = 25 * 1024;

/** As many shards as a load takes so that none is used by more than four fifths on average; one at least. */
export function shardsFor({
  recordsIn,
  bytesIn,
  bytesOut,
}: Pick<Usage, 'recordsIn' | 'bytesIn' | 'bytesOut'>): number {
  const used = Math.max(recordsIn / 1000, bytesIn / 1024 ** 2, bytesOut / (2 * 1024 ** 2));
  return Math.max(1, Math.ceil(used / shardUseMax));
}

/** Loads are not even. What a shard takes: developer guide, "Quotas and limits". */
const shardUseMax = 0.8;
