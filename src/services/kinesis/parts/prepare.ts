import type { Caller } from '../../../access/caller.ts';
import type { CatalogState } from '../../../catalog/state.ts';
import {
  formatConsumerArn,
  formatStreamArn,
  parseChannelArn,
  parseStreamArn,
  parseStreamOf,
  type StreamAddress,
} from '../../../kinesis/arn.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { type ConsumerTarget, findConsumer, type Registered } from './consumer-target.ts';
import { addressOf, type Target } from './target.ts';

// The resource of a call, for which the caller needs permission. Nothing is refused here: `run` does that,
// when the names in a request do not agree or name nothing. Until then the resource is the first one named
// that belongs to another account, if any does.

/** A call about the stream that a request names; `run` gets its address. */
export function onStream<Answer>(
  request: Target,
  caller: Caller,
  run: (address: StreamAddress) => Answer,
): Prepared<Answer> {
  return { resource: streamNamed(request, caller), run: () => run(addressOf(request, caller)) };
}

/**
 * A call about a consumer. `run` gets the request with the consumer's ARN added where the request has only
 * its stream and its name. The ARN holds the time of creation, so the call does not reach a consumer that
 * takes the name before `run` looks it up. Where no consumer has the name, permission is needed for an ARN
 * without that time, as on AWS (aws/aws-cdk issue 22184): the KCL asks before it registers, with a policy for
 * `stream/NAME/consumer/*`.
 */
export function onConsumer<Answer>(
  state: CatalogState,
  request: ConsumerTarget,
  caller: Caller,
  run: (named: ConsumerTarget) => Answer,
): Prepared<Answer> {
  const { StreamARN, ConsumerARN } = request;
  const found = ConsumerARN === undefined ? ownConsumer(state, request, caller) : undefined;
  const arn = ConsumerARN ?? (found && formatConsumerArn(found.stream, found.consumer));
  const named = arn === undefined ? request : { ...request, ConsumerARN: arn };
  const resource = arn === undefined ? unregistered(request, caller) : undefined;
  return { resource: resource ?? resourceNamed([arn, StreamARN], caller), run: () => run(named) };
}

/** What a consumer would be called, in the caller's account. */
function unregistered(
  { StreamARN = '', ConsumerName }: ConsumerTarget,
  { account }: Caller,
): string | undefined {
  const isOwn = parseStreamArn(StreamARN)?.account === account;
  return isOwn && ConsumerName !== undefined ? `${StreamARN}/consumer/${ConsumerName}` : undefined;
}

/** Only in the caller's account and region: an answer must not tell whether one exists elsewhere. */
function ownConsumer(
  state: CatalogState,
  { StreamARN = '', ConsumerName = '' }: ConsumerTarget,
  { account, region }: Caller,
): Registered | undefined {
  const stream = parseStreamArn(StreamARN);
  if (stream?.account !== account || stream.region !== region) return undefined;
  return findConsumer(state, stream, ConsumerName);
}

/** A call about what an ARN names: a stream, a consumer or a channel. */
export function onResource<Answer>(arn: string, caller: Caller, run: () => Answer): Prepared<Answer> {
  return { resource: resourceNamed([arn], caller), run };
}

/** A call about all of an account in a region. */
export function onAccount<Answer>(run: () => Answer): Prepared<Answer> {
  return { resource: '*', run };
}

/** The resource of a call that names a stream. */
export function streamNamed({ StreamName, StreamARN }: Target, caller: Caller): string {
  if (StreamARN !== undefined) return resourceNamed([StreamARN], caller);
  return StreamName === undefined ? '*' : formatStreamArn({ ...caller, name: StreamName });
}

/** The first ARN of another account, else the first ARN, else `*`. */
export function resourceNamed(arns: readonly (string | undefined)[], { account }: Caller): string {
  let resource = '*';
  for (const arn of arns) {
    const owner = arn === undefined ? undefined : (parseStreamOf(arn) ?? parseChannelArn(arn))?.account;
    if (owner === undefined) continue;
    if (owner !== account) return arn!;
    if (resource === '*') resource = arn!;
  }
  return resource;
}
