/**
 * AWS's quotas, from the Kinesis developer guide, "Quotas and limits", and the API reference, unless a line
 * says otherwise. Sizes in bytes.
 */
export const limits = {
  /** PutRecords: records of one request, and data plus keys of all of them. */
  putRecordsMax: 500,
  putRecordsBytesMax: 10 * 1024 * 1024,
  /** The largest size that UpdateMaxRecordSize may set, and the one a stream starts with. */
  recordBytesMax: 10 * 1024 * 1024,
  recordSizeDefaultKiB: 1024,
  /** GetRecords: records and bytes of one answer. */
  getRecordsMax: 10_000,
  getRecordsBytesMax: 10 * 1024 * 1024,
  /** What one shard takes and gives in a second. */
  shardWriteBytesPerSecond: 1024 * 1024,
  shardWriteRecordsPerSecond: 1000,
  shardReadBytesPerSecond: 2 * 1024 * 1024,
  shardReadCallsPerSecond: 5,
  shardIteratorCallsPerSecond: 5,
  /** Iterators and page tokens are good for five minutes. */
  iteratorLifeMs: 300_000,
  pageTokenLifeMs: 300_000,
  retentionHoursMin: 24,
  retentionHoursMax: 8760,
  tagsMax: 50,
  /**
   * Registered consumers of a stream; with the commitment to a minimum of throughput; and how many may be
   * CREATING.
   */
  consumersMax: 20,
  consumersCommittedMax: 50,
  consumersCreatingMax: 5,
  /**
   * Enhanced fan-out: what one consumer gets from one shard in a second, and how long a subscription lives.
   */
  subscriptionBytesPerSecond: 2 * 1024 * 1024,
  subscriptionLifeMs: 300_000,
  /** A consumer that subscribes again to the same shard takes over only after this long. */
  subscriptionTakeoverMs: 5_000,
  policyBytesMax: 20 * 1024,
  warmMiBpsMax: 10_240,
  /** How often these may succeed for one stream in 24 hours. */
  perDay: { UpdateShardCount: 10, UpdateStreamMode: 2, StreamEncryption: 25 },
  /** Open shards of an account's provisioned streams in one region (us-east-1, us-west-2, eu-west-1). */
  openShardsMax: 20_000,
  onDemandStreamsMax: 50,
  onDemandShardCount: 4,
  /** Streams that may be CREATING or DELETING at the same time. */
  streamsInTransitionMax: 5,
  describeStreamShardsMax: 100,
  listStreamsMax: 100,
  listShardsMax: 1000,
  updateShardCountMax: 10_000,
  /** Of an account in a region: two for each on-demand stream, one to a bucket and one into a table. */
  channelsMax: 100,
  listChannelsMax: 100,
  /** How long a channel may let records wait. */
  freshnessSecondsMin: 300,
  freshnessSecondsMax: 900,
  /**
   * What a server has room for. These limits are ours, not AWS's, and hold whatever the quotas are. All of it
   * is in the memory of every thread, is journalled as it comes, and is read again at each start.
   */
  server: {
    /**
     * Over all streams, closed shards included. Each takes 0.8 KB in every thread; a server with so many
     * starts in a second, from a snapshot of 36 MB.
     */
    shardsMax: 200_000,
    /** A stream takes a kilobyte, and each round of changes copies the list of them. */
    streamsMax: 50_000,
    consumersMax: 20_000,
    /** A channel takes about a kilobyte, too. */
    channelsMax: 20_000,
    /** Accounts, by region, that have changed their settings. */
    accountsMax: 10_000,
    /**
     * Tags, policies, channels and names of keys. A snapshot is one string, in V8 of less than 2^29
     * characters, and JSON may need 6 for one.
     */
    charactersMax: 32 * 1024 * 1024,
  },
} as const;
