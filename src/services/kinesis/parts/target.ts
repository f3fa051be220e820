import type { Caller } from '../../../access/caller.ts';
import { type CatalogState, findStream } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { parseStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import type { Stream, StreamMode } from '../../../kinesis/stream.ts';
import { streamNotFound } from '../../../stream/errors.ts';
import { invalidArgument, resourceInUse } from '../errors.ts';

/** A request's way to name a stream. */
export type Target = { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined };

/** The address of the named stream: its ARN's, or its name in the caller's account and region. */
export function addressOf(target: Target, caller: Caller): StreamAddress {
  const address = findAddress(target, caller);
  if (address !== undefined) return address;
  const { StreamName, StreamARN } = target;
  if (StreamARN === undefined) throw invalidArgument('Either StreamARN or StreamName must be provided.');
  if (parseStreamArn(StreamARN) === undefined) {
    throw invalidArgument(`StreamARN ${StreamARN} is not the ARN of a stream.`);
  }
  throw invalidArgument(`StreamARN ${StreamARN} and StreamName ${StreamName} do not name the same stream.`);
}

/** The same; undefined when neither member names a stream, or both name different ones. */
export function findAddress({ StreamName, StreamARN }: Target, caller: Caller): StreamAddress | undefined {
  if (StreamARN === undefined) {
    const { account, region } = caller;
    return StreamName === undefined ? undefined : { account, region, name: StreamName };
  }
  const address = parseStreamArn(StreamARN);
  if (address === undefined || (StreamName !== undefined && StreamName !== address.name)) return undefined;
  return reachableBy(caller, address);
}

/**
 * The same address if it is in the region that the request is signed for, else one that no stream has: an
 * endpoint of AWS serves one region. Each operation then says in its own words that there is no such stream.
 */
export function reachableBy(caller: Caller, address: StreamAddress): StreamAddress {
  return address.region === caller.region ? address : { ...address, region: nowhere };
}

/** Regions have names. */
const nowhere = '';

/** The stream there in whatever state; ResourceNotFoundException when there is none. */
export function requireStreamAt(state: CatalogState, address: StreamAddress): Stream {
  const stream = findStream(state, address);
  if (stream === undefined) throw streamNotFound(address);
  return stream;
}

/** Refuses a stream created at another second: clients' timestamps may lack the fraction. */
export function requireCreatedAt(stream: Stream, time: Millis | undefined): void {
  if (time === undefined || Math.floor(time / 1000) === Math.floor(stream.createdAt / 1000)) return;
  throw streamNotFound(stream);
}

/** A stream must be ACTIVE to be changed: one change at a time. */
export function requireActive(stream: Stream): void {
  if (stream.status === 'ACTIVE') return;
  throw resourceInUse(
    `Stream ${stream.name} under account ${stream.account} not ACTIVE, instead in state ${stream.status}`,
  );
}

export function requireDistributable(mode: StreamMode): void {
  if (mode === 'ON_DEMAND') return;
  throw invalidArgument('RecordDistributionStrategy can only be set for streams in ON_DEMAND mode.');
}
