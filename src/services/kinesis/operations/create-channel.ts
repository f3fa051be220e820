import type { Caller } from '../../../access/caller.ts';
import { canHaveChannels } from '../../../catalog/soundness.ts';
import { type CatalogState, channelsIn } from '../../../catalog/state.ts';
import { uuid } from '../../../env/random.ts';
import { partitionOf, type StreamAddress } from '../../../kinesis/arn.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidRequest, resourceInUse } from '../errors.ts';
import { operation } from '../operation.ts';
import {
  type ChannelRequest,
  createChannelInput,
  requestedChannel,
  requireCustomerKey,
  streamArnOf,
} from '../parts/channel-request.ts';
import { channelDescription } from '../parts/channel-shapes.ts';
import { viewChannel } from '../parts/channel-view.ts';
import { tagContext } from '../parts/facts.ts';
import { resourceNamed } from '../parts/prepare.ts';
import { requirePermittedKey } from '../parts/stream-encryption.ts';
import { checkTagText, mergeTags } from '../parts/tag.ts';
import { addressOf, requireActive, requireStreamAt } from '../parts/target.ts';
import type { KinesisWorld } from '../world.ts';

export const createChannel = operation({
  name: 'CreateChannel',
  summary:
    'Creates a channel, which delivers the records of an on-demand stream to a bucket or into a table; it is CREATING at ' +
    'first, and ACTIVE or FAILED soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: createChannelInput,
  output: structure('CreateChannelOutput', { ChannelDescription: required(channelDescription) }),
  prepare: (world, request, caller) => {
    const context = tagContext(request.Tags);
    const resource = resourceNamed([request.StreamConfigurationList[0]!.StreamARN], caller);
    return {
      resource,
      context,
      permissions: permissionsOf(request, caller, resource, context !== undefined),
      async run() {
        const address = addressOf({ StreamARN: streamArnOf(request) }, caller);
        const channel = await newChannel(world, request, caller, address);
        const state = await world.catalog.commit((current) => {
          const stream = requireStreamAt(current, address);
          requireDeliverable(stream);
          const created = { ...channel, streamId: stream.id };
          requireFreeName(current, created);
          world.quotas.requireChannelRoom(current, created);
          return [{ kind: 'channel-changed', channel: created }];
        });
        world.background.nudge();
        return { ChannelDescription: viewChannel(state, channel) };
      },
    };
  },
});

/**
 * What it takes besides the permission to create (developer guide, "IAM permissions for data delivery";
 * service authorization reference). The id of the channel that is tagged is not known before.
 */
function permissionsOf(
  { ServiceExecutionRoleARN: role }: ChannelRequest,
  { account, region }: Caller,
  stream: string,
  isTagged: boolean,
): Permission[] {
  const service = new Map([['iam:passedtoservice', ['kinesis.amazonaws.com']]]);
  const channels = `arn:${partitionOf(region)}:kinesis:${region}:${account}:channel/*`;
  return [
    { action: 'kinesis:CreateChannel', resource: stream },
    { action: 'kinesis:AssociateStreamsWithChannel', resource: stream },
    { action: 'iam:PassRole', resource: role, context: service },
    ...(isTagged ? [{ action: 'kinesis:TagResource', resource: channels }] : []),
  ];
}

async function newChannel(
  { clock, random, quotas, keyService, keyUse, catalog }: KinesisWorld,
  request: ChannelRequest,
  caller: Caller,
  stream: StreamAddress,
): Promise<Channel> {
  const { ChannelName: name, ServiceExecutionRoleARN: role, Tags = {} } = request;
  const id = uuid(random);
  const names = { channelName: name, channelId: id, streamName: stream.name };
  const requested = requestedChannel(request, names, caller, quotas);
  checkTagText(Object.entries(Tags).flat());
  const tags = mergeTags([], Tags, { name, account: caller.account });
  const { id: streamId } = requireStreamAt(catalog.state, stream);
  const key = request.EncryptionConfiguration?.KeyId;
  if (key !== undefined) requireCustomerKey(key, caller);
  const keyArn = key && (await requirePermittedKey({ keyService, keyUse }, key, caller, stream));
  const now = clock.now();
  return {
    ...{ account: stream.account, region: stream.region, id, name, status: 'CREATING' },
    ...{ stream: { account: stream.account, region: stream.region, name: stream.name }, streamId },
    ...{ createdAt: now, since: now, updates: 0, role },
    ...requested,
    ...(key === undefined ? {} : { encryption: { keyId: key, keyArn: keyArn! } }),
    tags,
  };
}

/** ValidationException for a provisioned stream, or one that is about to become one. */
function requireDeliverable(stream: Stream): void {
  if (!isServing(stream)) requireActive(stream);
  const { change } = stream;
  const isLeaving = change?.kind === 'set' && change.settings.mode === 'PROVISIONED';
  if (canHaveChannels(stream) && !isLeaving) return;
  throw invalidRequest(
    `Request is invalid. Stream ${stream.name} under account ${stream.account} is in Provisioned mode.`,
  );
}

function requireFreeName(state: CatalogState, { account, region, name }: Channel): void {
  if (!channelsIn(state, { account, region }).some((channel) => channel.name === name)) return;
  throw resourceInUse(`Channel ${name} under account ${account} already exists.`);
}
