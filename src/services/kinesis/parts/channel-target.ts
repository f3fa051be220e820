import type { Caller } from '../../../access/caller.ts';
import { type CatalogState, findChannel } from '../../../catalog/state.ts';
import { formatChannelArn, parseChannelArn } from '../../../kinesis/arn.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, resourceInUse, resourceNotFound } from '../errors.ts';
import { resourceNamed } from './prepare.ts';

/** A call about the channel that an ARN names. */
export function onChannel<Answer>(arn: string, caller: Caller, run: () => Answer): Prepared<Answer> {
  return { resource: resourceNamed([arn], caller), run };
}

/** The channel of an ARN, in whatever state; ResourceNotFoundException when there is none. */
export function requireChannel(state: CatalogState, arn: string, caller: Caller): Channel {
  const address = parseChannelArn(arn);
  if (address === undefined) throw invalidArgument(`ChannelARN ${arn} is not the ARN of a channel.`);
  // An endpoint of AWS serves one region.
  const channel = address.region === caller.region ? findChannel(state, address) : undefined;
  if (channel === undefined) throw channelNotFound(arn, address.account);
  return channel;
}

/** A channel must be ACTIVE to be changed. */
export function requireActiveChannel(channel: Channel): void {
  if (channel.status === 'ACTIVE') return;
  throw resourceInUse(
    `Channel ${formatChannelArn(channel)} under account ${channel.account} not ACTIVE, instead in state ` +
      channel.status,
  );
}

function channelNotFound(arn: string, account: string): ServiceError {
  return resourceNotFound(`Channel ${arn} under account ${account} not found.`);
}
