import { idOf } from '../model.ts';
import type { Delivery, WindowView } from './mapping-model.ts';

/** Records of Kinesis as Lambda passes them to a function (developer guide, "Using Lambda with Kinesis"). */
export type FunctionEvent = {
  readonly Records: readonly {
    readonly eventID: string;
    readonly kinesis: {
      readonly sequenceNumber: string;
      readonly partitionKey: string;
      readonly data: string;
      readonly approximateArrivalTimestamp: number;
    };
  }[];
  readonly window?: { readonly start: string; readonly end: string };
  readonly state?: { readonly ids?: readonly string[] };
  readonly shardId?: string;
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
};

/** Its records, in their order. */
export function deliveriesOf({ Records }: FunctionEvent): Delivery[] {
  return Records.map(({ eventID, kinesis }) => {
    const data = Buffer.from(kinesis.data, 'base64').toString('latin1');
    return {
      id: idOf({ data }),
      shard: eventID.slice(0, eventID.indexOf(':')),
      number: BigInt(kinesis.sequenceNumber),
      partitionKey: kinesis.partitionKey,
      data,
      arrival: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    };
  });
}

/** Undefined where the mapping has no windows. */
export function windowOf(event: FunctionEvent): WindowView | undefined {
  const { window, state } = event;
  if (window === undefined) return undefined;
  return {
    start: Date.parse(window.start),
    end: Date.parse(window.end),
    state: state?.ids ?? [],
    isFinal: event.isFinalInvokeForWindow === true,
    isEarly: event.isWindowTerminatedEarly === true,
  };
}
