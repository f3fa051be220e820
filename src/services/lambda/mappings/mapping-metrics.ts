import type { Millis } from '../../../env/clock.ts';

/** What is counted of mappings and functions. Calls cost nothing to speak of, and never fail. */
export interface MappingMetrics {
  /** AWS's EventCount metrics, in records, where a mapping asks for them. */
  count(mapping: MappingName, metric: EventCount, records: number): void;
  /** How old the last record of a batch was when the function had processed it, and in which shard. */
  iteratorAge(mapping: MappingName, age: Millis, shardId?: string): void;
  invoked(functionName: string, how: InvocationFacts): void;
}

export type MappingName = {
  readonly uuid: string;
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
};

/** As CloudWatch names them (Lambda developer guide, "Event source mapping metrics"). */
export type EventCount =
  | 'PolledEventCount'
  | 'FilteredOutEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DroppedEventCount'
  | 'OnFailureDestinationDeliveredEventCount'
  | 'DeletedEventCount';

export type InvocationFacts = {
  readonly account: string;
  readonly region: string;
  /** The version or the alias that was named, if one was: AWS counts those under `Resource` besides. */
  readonly qualifier?: string | undefined;
  /** How many of the function were under way when it began, itself among them. */
  readonly concurrent?: number | undefined;
  readonly took: Millis;
  readonly failed: boolean;
  /** It was not run: then neither `took` nor `failed` counts. */
  readonly throttled: boolean;
};
