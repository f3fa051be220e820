import type { Channel, ChannelLogging } from '../../../kinesis/channel.ts';
import { required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import {
  channelArn,
  channelDescription,
  loggingUpdate,
  s3Update,
  tablesUpdate,
} from '../parts/channel-shapes.ts';
import { onChannel, requireActiveChannel, requireChannel } from '../parts/channel-target.ts';
import { viewChannel } from '../parts/channel-view.ts';
import type { Quotas } from '../parts/quota.ts';

const input = structure('UpdateChannelInput', {
  ChannelARN: required(channelArn),
  S3DestinationConfiguration: s3Update,
  S3TablesDestinationConfiguration: tablesUpdate,
  LoggingConfiguration: loggingUpdate,
});

export const updateChannel = operation({
  name: 'UpdateChannel',
  summary:
    'Changes how long a channel lets records wait, and its logging; it is UPDATING for a while, and delivers on.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input,
  output: structure('UpdateChannelOutput', { ChannelDescription: required(channelDescription) }),
  prepare: ({ catalog, clock, background, quotas }, request, caller) =>
    onChannel(request.ChannelARN, caller, async () => {
      const state = await catalog.commit((current) => {
        const channel = requireChannel(current, request.ChannelARN, caller);
        requireActiveChannel(channel);
        const changes = changesOf(request, channel, quotas);
        const { updates } = channel;
        const updated = { ...channel, ...changes, updates: updates + 1, since: clock.now() };
        return [{ kind: 'channel-changed', channel: { ...updated, status: 'UPDATING' } }];
      });
      background.nudge();
      const channel = requireChannel(state, request.ChannelARN, caller);
      return { ChannelDescription: viewChannel(state, channel) };
    }),
});

function changesOf(
  request: TypeOf<typeof input>,
  channel: Channel,
  quotas: Quotas,
): Partial<Pick<Channel, 'freshnessSeconds' | 'logging'>> {
  const seconds = freshnessOf(request, channel);
  if (seconds !== undefined) quotas.requireFreshness(seconds);
  const logs = request.LoggingConfiguration?.CloudWatchLogs;
  if (seconds === undefined && logs === undefined) {
    throw invalidArgument('Either a destination configuration or LoggingConfiguration must be provided.');
  }
  return {
    ...(seconds === undefined ? {} : { freshnessSeconds: seconds }),
    ...(logs === undefined ? {} : { logging: loggingAfter(channel.logging, logs) }),
  };
}

/** A channel keeps its type of destination. */
function freshnessOf(
  { S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: tables }: TypeOf<typeof input>,
  { destination: { kind } }: Channel,
): number | undefined {
  const other = kind === 'S3' ? tables : s3;
  if (other === undefined) return (s3 ?? tables)?.DataFreshnessInSeconds;
  throw invalidArgument(`The channel has a destination of type ${kind}, and cannot be given another one.`);
}

/** Names that are not said stay as they are. */
function loggingAfter(
  { group, stream }: ChannelLogging,
  { Enabled, LogGroupName, LogStreamName }: TypeOf<typeof loggingUpdate>['CloudWatchLogs'],
): ChannelLogging {
  return { isOn: Enabled, group: LogGroupName ?? group, stream: LogStreamName ?? stream };
}
