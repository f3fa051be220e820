import type { Caller } from '../../../access/caller.ts';
import type { Edit } from '../../../catalog/edit.ts';
import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import { parseArn, parseConsumerArn, parseStreamArn } from '../../../kinesis/arn.ts';
import type { Consumer, Stream, Tag } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { invalidArgument, resourceNotFound } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';
import { requireConsumer } from './consumer-target.ts';
import { onResource } from './prepare.ts';
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

/** A call that changes settings of the resource that an ARN names. */
export function setResource(
  { catalog }: KinesisWorld,
  arn: string,
  caller: Caller,
  decide: (resource: Resource) => ResourceSettings,
): Prepared<Promise<void>> {
  return onResource(arn, caller, async () => {
    await catalog.commit((state) => {
      const resource = requireResource(state, arn, caller);
      return [settingOf(resource, decide(resource))];
    });
  });
}

type ResourceSettings = { readonly tags: readonly Tag[] } | { readonly policy: string | null };

function settingOf({ stream, consumer }: Resource, settings: ResourceSettings): Edit {
  const key = streamKeyOf(stream);
  return consumer === undefined
    ? { kind: 'settings-changed', key, settings }
    : { kind: 'consumer-changed', key, consumer: { ...consumer, ...settings } };
}
