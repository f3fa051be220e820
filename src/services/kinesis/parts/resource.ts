import type { Caller } from '../../../access/caller.ts';
import type { Edit } from '../../../catalog/edit.ts';
import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import { parseChannelArn, parseConsumerArn, parseStreamArn } from '../../../kinesis/arn.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import type { Consumer, Stream, Tag } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';
import { requireChannel } from './channel-target.ts';
import { requireConsumer } from './consumer-target.ts';
import { onResource } from './prepare.ts';
import { addressOf, requireStreamAt } from './target.ts';

/** What policies are attached to: a stream, or one of its consumers. */
export type Guarded = { readonly stream: Stream; readonly consumer: Consumer | undefined };

/** What tags are attached to. */
export type Resource = Guarded | { readonly channel: Channel };

/** What an ARN names. ResourceNotFoundException without it, InvalidArgumentException for another ARN. */
export function requireResource(state: CatalogState, arn: string, caller: Caller): Resource {
  if (parseConsumerArn(arn) !== undefined) return requireConsumer(state, { ConsumerARN: arn }, caller);
  if (parseStreamArn(arn) !== undefined) {
    const address = addressOf({ StreamARN: arn }, caller);
    return { stream: requireStreamAt(state, address), consumer: undefined };
  }
  if (parseChannelArn(arn) !== undefined) return { channel: requireChannel(state, arn, caller) };
  throw invalidArgument(`ResourceARN ${arn} is not the ARN of a stream, a consumer or a channel.`);
}

/** The same; InvalidArgumentException for a channel, which has no policy. */
export function requireGuarded(state: CatalogState, arn: string, caller: Caller): Guarded {
  const resource = requireResource(state, arn, caller);
  if ('channel' in resource) throw hasNoPolicy(arn);
  return resource;
}

export function tagsOf(resource: Resource): readonly Tag[] {
  return 'channel' in resource ? resource.channel.tags : (resource.consumer ?? resource.stream).tags;
}

/** What texts about a resource's tags call it. */
export function namedAs(resource: Resource): Pick<Stream, 'name' | 'account'> {
  return 'channel' in resource ? resource.channel : resource.stream;
}

/** A call that changes the tags of the resource that an ARN names. */
export function setTags(
  { catalog }: KinesisWorld,
  arn: string,
  caller: Caller,
  decide: (resource: Resource) => Tag[],
): Prepared<Promise<void>> {
  return onResource(arn, caller, async () => {
    await catalog.commit((state) => {
      const resource = requireResource(state, arn, caller);
      const tags = decide(resource);
      if (!('channel' in resource)) return [settingOf(resource, { tags })];
      return [{ kind: 'channel-changed', channel: { ...resource.channel, tags } }];
    });
  });
}

/** A call that changes the policy of the resource that an ARN names. */
export function setPolicy(
  { catalog }: KinesisWorld,
  arn: string,
  caller: Caller,
  decide: (resource: Guarded) => string | null,
): Prepared<Promise<void>> {
  return onResource(arn, caller, async () => {
    await catalog.commit((state) => {
      const resource = requireGuarded(state, arn, caller);
      return [settingOf(resource, { policy: decide(resource) })];
    });
  });
}

function settingOf(
  { stream, consumer }: Guarded,
  settings: { readonly tags: readonly Tag[] } | { readonly policy: string | null },
): Edit {
  const key = streamKeyOf(stream);
  return consumer === undefined
    ? { kind: 'settings-changed', key, settings }
    : { kind: 'consumer-changed', key, consumer: { ...consumer, ...settings } };
}

/** AWS's texts speak of policies of streams and consumers only (API reference, PutResourcePolicy). */
function hasNoPolicy(arn: string): ServiceError {
  return invalidArgument(`ResourceARN ${arn} is a channel, to which no resource policy can be attached.`);
}
