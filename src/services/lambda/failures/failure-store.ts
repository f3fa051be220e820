import type { StoredBatch } from '../../../kinesis/record.ts';
import type { FailureRecord } from '../state/lambda-state.ts';

/** The records that mappings gave up, with their data, in a log of their own. */
export interface FailureStore {
  /** Resolves once they are durable, to where they are. */
  keep(mapping: string, batches: readonly StoredBatch[]): Promise<NonNullable<FailureRecord['data']>>;
  /** Undefined when they are forgotten. */
  read(data: NonNullable<FailureRecord['data']>): Promise<readonly KeptRecord[] | undefined>;
}

/** A record as it was in its stream. Times in milliseconds since 1970. */
export type KeptRecord = {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly data: Buffer;
};
