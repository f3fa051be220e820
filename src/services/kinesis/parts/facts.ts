import { keyedValues, type RequestContext, type ResourceFacts } from '../../../access/policy/access.ts';
import { findChannel, findStream } from '../../../catalog/state.ts';
import { parseChannelArn, parseConsumerArn, parseStreamArn } from '../../../kinesis/arn.ts';
import type { Consumer, Stream } from '../../../kinesis/stream.ts';
import type { KinesisWorld } from '../world.ts';
import { findConsumer } from './consumer-target.ts';
import { consumerActions, streamActions } from './policy-form.ts';

/**
 * The tags of the stream, the consumer or the channel that an ARN names, if it is there, and its policy, for
 * the actions that such a policy may grant. For others it does not count: nobody is given a stream to delete
 * by `kinesis:*`, and its owner is not kept from its policy.
 */
export function factsOf(world: KinesisWorld, resource: string, action: string): ResourceFacts | undefined {
  const found = find(world, resource);
  if (found === undefined) return channelFacts(world, resource);
  if (found.policy === null || isGranted(found, action)) return found;
  return { policy: null, tags: found.tags };
}

/** Channels have no policies. */
function channelFacts({ catalog }: KinesisWorld, resource: string): ResourceFacts | undefined {
  const address = parseChannelArn(resource);
  const channel = address && findChannel(catalog.state, address);
  return channel && { policy: null, tags: channel.tags };
}

function isGranted(found: Stream | Consumer, action: string): boolean {
  return ('shards' in found ? streamActions : consumerActions).has(action);
}

function find({ catalog }: KinesisWorld, resource: string): Stream | Consumer | undefined {
  const { state } = catalog;
  const stream = parseStreamArn(resource);
  if (stream !== undefined) return findStream(state, stream);
  const named = parseConsumerArn(resource);
  const consumer = named && findConsumer(state, named.stream, named.name)?.consumer;
  // A consumer that was registered later under the same name is another one.
  return consumer && Math.floor(consumer.createdAt / 1000) === named!.createdSecond ? consumer : undefined;
}

/** The condition keys of a call that sets tags; undefined when it sets none. */
export function tagContext(tags: Readonly<Record<string, string>> = {}): RequestContext | undefined {
  const entries = Object.entries(tags);
  if (entries.length === 0) return undefined;
  return new Map([...keyContext(entries.map(([key]) => key)), ...keyedValues('aws:requesttag/', entries)]);
}

/** The same of a call that names tags by their keys alone. */
export function keyContext(keys: readonly string[]): RequestContext {
  return new Map([['aws:tagkeys', keys]]);
}
