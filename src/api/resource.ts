import type { Edit } from '../catalog/edit.ts';
import { type CatalogState, streamKeyOf } from '../catalog/state.ts';
import { parseConsumerArn, parseStreamArn } from '../kinesis/arn.ts';
import { KinesisError } from '../kinesis/error.ts';
import type { Consumer, Stream, Tag } from '../kinesis/stream.ts';
import { requireConsumer } from './consumer-target.ts';
import type { Caller } from './operation.ts';
import { requireStreamAt } from './target.ts';

/** What tags and policies are attached to: a stream, or one of its consumers. */
export type Resource = { readonly stream: Stream; readonly consumer: Consumer | undefined };

/** Finds what an ARN names; ResourceNotFoundException when there is none. */
export function requireResource(state: CatalogState, arn: string, caller: Caller): Resource {
  if (parseConsumerArn(arn) !== undefined) return requireConsumer(state, { ConsumerARN: arn }, caller);
  const address = parseStreamArn(arn);
  if (address !== undefined) return { stream: requireStreamAt(state, address), consumer: undefined };
  throw new KinesisError('ResourceNotFoundException', `Resource ${arn} not found.`);
}

/** The edit that sets something about a resource. */
export function setResource(
  { stream, consumer }: Resource,
  settings: { readonly tags: readonly Tag[] } | { readonly policy: string | null },
): Edit {
  const key = streamKeyOf(stream);
  return consumer === undefined
    ? { kind: 'settings-changed', key, settings }
    : { kind: 'consumer-changed', key, consumer: { ...consumer, ...settings } };
}
