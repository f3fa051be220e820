import type { Caller } from '../../../access/caller.ts';
import type { Edit } from '../../../catalog/edit.ts';
import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import { parseArn, parseConsumerArn, parseStreamArn } from '../../../kinesis/arn.ts';
import type { Consumer, Stream, Tag } from '../../../kinesis/stream.ts';
import { invalidArgument, resourceNotFound } from '../errors.ts';
import { requireConsumer } from './consumer-target.ts';
import { addressOf, requireStreamAt } from './target.ts';

/** What tags and policies are attached to: a stream, or one of its consumers. */
export type Resource = { readonly stream: Stream; readonly consumer: Consumer | undefined };

/** What an ARN names. ResourceNotFoundException without it, InvalidArgumentException for another ARN. */
export function requireResource(state: CatalogState, arn: string, caller: Caller): Resource {
  if (parseConsumerArn(arn) !== undefined) return requireConsumer(state, { ConsumerARN: arn }, caller);
  if (parseStreamArn(arn) !== undefined) {
    const address = addressOf({ StreamARN: arn }, caller);
    return { stream: requireStreamAt(state, address), consumer: undefined };
  }
  if (isChannel(arn)) throw resourceNotFound(`Resource ${arn} not found.`);
  throw invalidArgument(`ResourceARN ${arn} is not the ARN of a stream, a consumer or a channel.`);
}

/** AWS's channels have tags; there are none here. Their ids are DNS labels. */
function isChannel(arn: string): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === 'kinesis' && /^channel\/[a-zA-Z0-9-]{1,64}$/.test(parsed.resource);
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
