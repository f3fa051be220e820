import type { RequestContext, ResourceFacts } from '../../../access/policy/access.ts';
import { findStream } from '../../../catalog/state.ts';
import { parseConsumerArn, parseStreamArn } from '../../../kinesis/arn.ts';
import type { KinesisWorld } from '../world.ts';
import { findConsumer } from './consumer-target.ts';

/** The policy and the tags of the stream or the consumer that an ARN names, if it is there. */
export function factsOf({ catalog }: KinesisWorld, resource: string): ResourceFacts | undefined {
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
  const context = new Map(keyContext(entries.map(([key]) => key)));
  for (const [key, value] of entries) context.set(`aws:requesttag/${key.toLowerCase()}`, [value]);
  return context;
}

/** The same of a call that names tags by their keys alone. */
export function keyContext(keys: readonly string[]): RequestContext {
  return new Map([['aws:tagkeys', keys]]);
}
