import type { Caller } from '../../../access/caller.ts';
import { findStream } from '../../../catalog/state.ts';
import { formatStreamArn, parseStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { isHidden, type Stream } from '../../../kinesis/stream.ts';
import { streamNotFound } from '../../../stream/errors.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { MillraceWorld } from '../world.ts';

/** A request's way to name a stream. */
export type Target = { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined };

/** The ARN that a permission is asked for: `*` where the request names no stream. */
export function resourceOf({ StreamName, StreamARN }: Target, { account, region }: Caller): string {
  if (StreamARN !== undefined) return parseStreamArn(StreamARN) === undefined ? '*' : StreamARN;
  return StreamName === undefined ? '*' : formatStreamArn({ account, region, name: StreamName });
}

/**
 * The stream that a request names, in the caller's account and region: ResourceNotFoundException when it is
 * not there, InvalidArgumentException when the request names none, or two.
 */
export function requireStream(
  { catalog }: Pick<MillraceWorld, 'catalog'>,
  target: Target,
  caller: Caller,
): Stream {
  const address = addressOf(target, caller);
  const isOwn = address.account === caller.account && address.region === caller.region;
  const stream = isOwn ? findStream(catalog.state, address) : undefined;
  if (stream === undefined || isHidden(stream)) throw streamNotFound(address);
  return stream;
}

function addressOf({ StreamName, StreamARN }: Target, { account, region }: Caller): StreamAddress {
  if (StreamARN === undefined) {
    if (StreamName === undefined) throw invalidArgument('Either StreamARN or StreamName must be provided.');
    return { account, region, name: StreamName };
  }
  const address = parseStreamArn(StreamARN);
  if (address === undefined) throw invalidArgument(`StreamARN ${StreamARN} is not the ARN of a stream.`);
  if (StreamName === undefined || StreamName === address.name) return address;
  throw invalidArgument(`StreamARN ${StreamARN} and StreamName ${StreamName} do not name the same stream.`);
}

/** As Kinesis calls it. */
export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}
