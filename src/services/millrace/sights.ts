/**
 * The answers of the operations of Millrace's own, as JSON has them: what the console, the command line and
 * dashboards are made of. Times are seconds since 1970, as in AWS's JSON; counts only ever grow, so that
 * whoever asks twice knows the rate.
 */

/** What was counted since `CountedSince`; see `Counts` of the meter. */
export type CountsSight = {
  readonly RecordsIn: number;
  readonly BytesIn: number;
  readonly PutUnits: number;
  readonly KilobytesIn: number;
  readonly RecordsThrottled: number;
  readonly RecordsOut: number;
  readonly BytesOut: number;
  readonly FanOutRecords: number;
  readonly FanOutBytes: number;
  readonly ReadsThrottled: number;
};

/** A stream, with what a list of streams shows of it. */
export type StreamSight = {
  readonly Name: string;
  readonly Arn: string;
  readonly Status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  readonly Mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly OpenShards: number;
  readonly ClosedShards: number;
  readonly RetentionHours: number;
  readonly CreatedAt: number;
  /** Absent without encryption. */
  readonly KeyId?: string;
  readonly Tags: Readonly<Record<string, string>>;
  /** Registered consumers. */
  readonly Consumers: number;
  /** All that read it: fan-out consumers, polling readers, KCL applications, mappings, deliveries. */
  readonly Readers: number;
  /** Of the reader that is furthest behind; absent where nobody reads. */
  readonly LagMillis?: number;
  readonly LaggingReader?: string;
  /** Retention minus that lag: when it will lose records if it goes on like this. */
  readonly TimeToLossMillis?: number;
  readonly Counts: CountsSight;
};

/** ListStreamSights: `{ NextToken?, Limit? }`. Counts and state of all streams of the account, by name. */
export type ListStreamSightsAnswer = {
  readonly CountedSince: number;
  /** When this was answered, with fractions: what rates are divided by. */
  readonly At: number;
  readonly Streams: readonly StreamSight[];
  readonly NextToken?: string;
};

export type HotKeySight = {
  readonly Key: string;
  /** Decimal, where it lies in the shard. */
  readonly HashKey: string;
  /** 0 to 1, of the shard's records lately; of which `Error` may be others'. */
  readonly Share: number;
  readonly Error: number;
};

export type ShardSight = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly StartingHashKey: string;
  readonly EndingHashKey: string;
  readonly CreatedAt: number;
  readonly ClosedAt?: number;
  readonly Counts: CountsSight;
  readonly HotKeys: readonly HotKeySight[];
  /** Where a split would halve what was put lately; absent where it is not known, or one key is all of it. */
  readonly SplitAt?: string;
};

/** GetStreamSight: `{ StreamName? , StreamARN? }`. */
export type GetStreamSightAnswer = {
  readonly CountedSince: number;
  readonly At: number;
  readonly Stream: StreamSight;
  readonly Shards: readonly ShardSight[];
};

/** Where a reader stands in a shard. */
export type ReaderShardSight = {
  readonly ShardId: string;
  readonly LagMillis?: number;
  /** Of a KCL application: the worker that has the lease. */
  readonly Owner?: string;
  /** A sequence number, or LATEST, TRIM_HORIZON, SHARD_END. */
  readonly Checkpoint?: string;
  readonly RecordsBehind?: number;
};

/** Whoever reads a stream. */
export type ReaderSight = {
  readonly Kind: 'polling' | 'fan-out' | 'kcl' | 'mapping' | 'delivery';
  readonly Name: string;
  /** ARN or UUID, where it has one. */
  readonly Id?: string;
  readonly StreamName: string;
  readonly State: string;
  readonly Reason?: string;
  readonly LagMillis?: number;
  readonly TimeToLossMillis?: number;
  /** What it read since `CountedSince`, as far as this is counted. */
  readonly Records?: number;
  readonly Bytes?: number;
  /** Failures of a mapping that wait to be redriven; records that a delivery refused. */
  readonly Failures?: number;
  /** Where it goes: a function, a bucket, a table, an endpoint. */
  readonly To?: string;
  readonly Shards: readonly ReaderShardSight[];
};

/** ListReaders: `{ StreamName? }`, of all streams where none is named. */
export type ListReadersAnswer = {
  readonly CountedSince: number;
  readonly At: number;
  readonly Readers: readonly ReaderSight[];
  /** Who puts, as far as it is known: users by their ARN, functions, delivery streams. */
  readonly Producers: readonly {
    readonly Name: string;
    readonly StreamName: string;
    readonly Records: number;
    readonly Bytes: number;
    readonly At: number;
  }[];
};

export type OperationSight = {
  readonly Operation: string;
  readonly Calls: number;
  readonly ClientErrors: number;
  readonly ServerErrors: number;
  readonly Throttled: number;
  readonly P50Millis: number;
  readonly P99Millis: number;
};

/** GetServerSight: `{}`. */
export type GetServerSightAnswer = {
  readonly Version: string;
  readonly NodeVersion: string;
  readonly Engine: 'memory' | 'embedded' | 'kafka';
  readonly StartedAt: number;
  readonly At: number;
  readonly Health: string;
  /** Whether signatures are verified, and whether limits are AWS's. */
  readonly Signed: boolean;
  readonly Limits: 'aws' | 'none';
  readonly EncryptedAtRest: boolean;
  readonly Listeners: readonly string[];
  /** Absent with the memory engine, and on Kafka. */
  readonly Disk?: {
    readonly Path: string;
    readonly FreeBytes: number;
    readonly TotalBytes: number;
    readonly UsedBytes?: number;
  };
  readonly Memory: {
    readonly ResidentBytes: number;
    readonly HeapUsedBytes: number;
    readonly HeapMaxBytes: number;
    readonly BuffersBytes: number;
    readonly MachineBytes: number;
  };
  readonly Threads: readonly {
    readonly Name: string;
    /** Shares of a core and of the event loop's time that were used lately, 0 to 1. */
    readonly Busy: number;
    /** The longest pause of its event loop lately. */
    readonly PauseMillis?: number;
  }[];
  /** Of a cluster; this one first. */
  readonly Gateways: readonly {
    readonly Id: string;
    readonly Zone?: string;
    readonly State: string;
    readonly Address?: string;
  }[];
  readonly Operations: readonly OperationSight[];
  /** The slowest calls lately, newest first, at most 100. */
  readonly SlowRequests: readonly {
    readonly At: number;
    readonly Operation: string;
    readonly Resource?: string;
    readonly Caller?: string;
    readonly Millis: number;
    readonly RequestId: string;
  }[];
  /** Limits that refused something, newest first. */
  readonly LimitsHit: readonly {
    readonly Limit: string;
    readonly Resource?: string;
    readonly Count: number;
    readonly LastAt: number;
  }[];
  /** What an operator should know of now, as sentences. */
  readonly Warnings: readonly string[];
};

/**
 * ListAuditRecords: `{ Since?, Until?, Caller?, Operation?, Resource?, Outcome?, Limit?, NextToken? }`,
 * newest first.
 */
export type ListAuditRecordsAnswer = {
  readonly Records: readonly AuditSight[];
  readonly NextToken?: string;
  /** Why there are none: the audit log is off, or not in a file. */
  readonly Unavailable?: string;
};

export type AuditSight = {
  readonly At: number;
  readonly Caller: string;
  readonly Operation: string;
  readonly Resource?: string;
  readonly Peer?: string;
  /** `ok`, or the error's code. */
  readonly Outcome: string;
  readonly RequestId: string;
  /** The whole record as JSON. */
  readonly Json: string;
};

/** GET /console/config.json, which needs no signature. */
export type ConsoleConfig = {
  readonly Version: string;
  /** Whether one has to sign in. */
  readonly Signed: boolean;
  readonly ReadOnly: boolean;
  /** The only region served, or the one that calls are signed for at first. */
  readonly Region: string;
  /** Whether calls may be signed for any other, too. */
  readonly AnyRegion: boolean;
  readonly Account: string;
  readonly Engine: 'memory' | 'embedded' | 'kafka';
  /** Whether the browser has shown a certificate, which may name a user: then one need not sign in. */
  readonly Certified: boolean;
};
