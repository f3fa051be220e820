/** Sends what was given up where a mapping says. */
export interface Destinations {
  /**
   * Resolves once the destination has taken it. Rejects with an error whose message is one line when it
   * refuses or cannot be reached, after a few attempts.
   */
  send(destination: FailureDestination, failure: GivenUp, signal: AbortSignal): Promise<void>;
}

/** Whose mapping it is, and where it says that failures go. */
export type FailureDestination = {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly mapping: string;
  /** The execution role of the function: who sends. */
  readonly role: string;
};

/** AWS's record of it, and the whole event, which destinations in S3 get besides. */
export type GivenUp = { readonly record: InvocationRecord; readonly event: Buffer };

/** What SQS and SNS get (Lambda developer guide, "Discarded batch"). Times in ISO 8601 with milliseconds. */
export type InvocationRecord = {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
    readonly approximateInvokeCount: number;
  };
  /** Absent where the function was not invoked. */
  readonly responseContext?: {
    readonly statusCode: number;
    readonly executedVersion: string;
    readonly functionError: string | null;
  };
  readonly version: '1.0';
  readonly timestamp: string;
  readonly KinesisBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
};
