import type { Caller } from '../../../access/caller.ts';
import { type CatalogState, findStream } from '../../../catalog/state.ts';
import { formatStreamArn, parseStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { streamNotFound } from '../../../stream/errors.ts';
import { string } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';

/** How a request names a stream, as requests of Kinesis do (Kinesis API reference, DescribeStreamSummary). */
export type StreamTarget = {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
};

export const streamTarget = {
  StreamName: string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' }),
  StreamARN: string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' }),
};

/**
 * What reading a stream takes: the two permissions that reading its shards one by one takes. Denying one of
 * them denies it whole.
 */
export function readingPermissions(resource: string): readonly Permission[] {
  const actions = ['kinesis:GetRecords', 'kinesis:GetShardIterator'];
  return actions.map((action) => ({ action, resource }));
}

/** The ARN of what a request is about, for policies; `*` where it names nothing. */
export function resourceOf(target: StreamTarget, caller: Caller): string {
  const { StreamName, StreamARN } = target;
  if (StreamARN !== undefined) return parseStreamArn(StreamARN) === undefined ? '*' : StreamARN;
  return StreamName === undefined ? '*' : formatStreamArn({ ...caller, name: StreamName });
}

/** The stream in whatever state; ResourceNotFoundException or InvalidArgumentException when there is none. */
export function requireStream(state: CatalogState, target: StreamTarget, caller: Caller): Stream {
  const address = addressOf(target, caller);
  const stream = address.region === caller.region ? findStream(state, address) : undefined;
  if (stream === undefined) throw streamNotFound(address);
  return stream;
}

/** The same of a stream that can be read. */
export function requireServing(state: CatalogState, target: StreamTarget, caller: Caller): Stream {
  const stream = requireStream(state, target, caller);
  if (!isServing(stream)) throw streamNotFound(stream);
  return stream;
}

function addressOf({ StreamName, StreamARN }: StreamTarget, caller: Caller): StreamAddress {
  if (StreamARN === undefined) {
    if (StreamName !== undefined) return { ...caller, name: StreamName };
    throw invalidArgument('Either StreamARN or StreamName must be provided.');
  }
  const address = parseStreamArn(StreamARN);
  if (address === undefined) throw invalidArgument(`StreamARN ${StreamARN} is not the ARN of a stream.`);
  if (StreamName === undefined || StreamName === address.name) return address;
  throw invalidArgument(`StreamARN ${StreamARN} and StreamName ${StreamName} do not name the same stream.`);
}
