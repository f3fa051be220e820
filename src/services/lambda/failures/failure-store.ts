import type { FailureRecord } from '../state/lambda-state.ts';

/** The records that mappings gave up, with their data, in a log of their own. */
export interface FailureStore {
  /** Resolves once they are durable, to where they are. */
  keep(mapping: string, records: readonly KeptRecord[]): Promise<KeptPlace>;
  /** Undefined when they are forgotten, as the oldest are for age and for room. */
  read(data: KeptPlace): Promise<readonly KeptRecord[] | undefined>;
  /** Forgets what is too old. Repeating it is harmless. */
  tick(): Promise<void>;
}

export type KeptPlace = NonNullable<FailureRecord['data']>;

/** A record as it was in its stream. Times in milliseconds since 1970. */
export type KeptRecord = {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly data: Uint8Array;
};
