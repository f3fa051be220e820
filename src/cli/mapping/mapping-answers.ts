// The answers of Lambda's API that the command reads, as far as it does. Times are seconds since 1970.

export type Sight = {
  readonly UUID: string;
  readonly EventSourceArn: string;
  readonly FunctionArn: string;
  readonly State: string;
  readonly LastProcessingResult: string;
  readonly PendingFailures: number;
  readonly Shards: readonly ShardAnswer[];
};

export type ShardAnswer = {
  readonly ShardId: string;
  readonly LagMs: number;
  readonly BehindRecords: number;
  readonly TimeToLossMs?: number;
  readonly LastProcessingResult: string;
  readonly RecordsPerSecond: number;
};

export type Configuration = Readonly<Record<string, unknown>> & {
  readonly UUID: string;
  readonly State: string;
};

export type Failure = {
  readonly Number: number;
  readonly Timestamp: number;
  readonly ShardId: string;
  readonly Condition: string;
  readonly FirstSequenceNumber: string;
  readonly LastSequenceNumber: string;
  readonly RecordCount: number;
  readonly Error: string;
  readonly Delivery: string;
  readonly HasData: boolean;
  readonly RedriveTimestamp?: number;
};

export type FailureInFull = {
  readonly Failure: Failure;
  readonly Records?: readonly FailedRecord[];
  /** In JSON, as the function is given it; data are in base64. */
  readonly Event?: string;
};

export type FailedRecord = {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  readonly ApproximateArrivalTimestamp: number;
  readonly Data: string;
};

export type RedriveResult = {
  readonly Number: number;
  readonly Outcome: 'Succeeded' | 'Failed' | 'Forgotten';
  readonly Error?: string;
};
