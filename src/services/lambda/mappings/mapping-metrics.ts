import type { Millis } from '../../../env/clock.ts';

/** What is counted of mappings and functions. Calls cost nothing to speak of, and never fail. */
export interface MappingMetrics {
  /** AWS's EventCount metrics, in records, where a mapping asks for them. */
  count(mapping: MappingName, metric: EventCount, records: number): void;
  /** How old the last record of a batch was when the function had processed it. */
  iteratorAge(mapping: MappingName, age: Millis): void;
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
  readonly took: Millis;
  readonly failed: boolean;
  readonly throttled: boolean;
};
