import type { Caller } from '../../../access/caller.ts';
import { type CatalogState, channelsIn, findStream } from '../../../catalog/state.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import { limits } from '../../../kinesis/limits.ts';
import { list, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { channelSummary, streamFilter } from '../parts/channel-shapes.ts';
import { summarizeChannel } from '../parts/channel-view.ts';
import { openPageToken, sealPageToken } from '../parts/page-token.ts';
import { nextToken, pageLimit } from '../parts/shapes.ts';
import { addressOf } from '../parts/target.ts';

export const listChannels = operation({
  name: 'ListChannels',
  summary:
    'Lists the channels of the account in the region by name, all or those of some streams, up to 100 at a time.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('ListChannelsInput', {
    StreamFilter: streamFilter,
    MaxResults: pageLimit,
    NextToken: nextToken,
  }),
  output: structure('ListChannelsOutput', {
    ChannelSummaries: required(list(channelSummary)),
    NextToken: nextToken,
  }),
  prepare: (world, { StreamFilter, MaxResults, NextToken }, caller) => ({
    // All of the account's (developer guide, "IAM permissions for data delivery").
    resource: formatStreamArn({ account: caller.account, region: caller.region, name: '*' }),
    async run() {
      const { state } = world.catalog;
      const [after = ''] = NextToken === undefined ? [] : openPageToken(world, purpose, caller, NextToken);
      const isWanted = wanted(state, StreamFilter, caller);
      const rest = channelsIn(state, caller).filter(
        (channel) => channel.name > String(after) && isWanted(channel),
      );
      const page = rest.slice(0, Math.min(MaxResults ?? Infinity, limits.listChannelsMax));
      const last = page.length < rest.length ? page.at(-1) : undefined;
      return {
        ChannelSummaries: page.map((channel) => summarizeChannel(state, channel)),
        NextToken: last === undefined ? undefined : sealPageToken(world, purpose, caller, [last.name]),
      };
    },
  }),
});

const purpose = 'ListChannels';

/** Whether a filter lets a channel in. A stream that is not there has none. */
function wanted(
  state: CatalogState,
  filter: TypeOf<typeof streamFilter> | undefined,
  caller: Caller,
): (channel: Channel) => boolean {
  if (filter === undefined) return () => true;
  const ids = filter.map(({ StreamARN, StreamCreationTimestamp: created }) => {
    const stream = findStream(state, addressOf({ StreamARN }, caller));
    const isMeant = created === undefined || secondOf(created) === secondOf(stream?.createdAt ?? Number.NaN);
    return isMeant ? stream?.id : undefined;
  });
  return ({ streamId }) => ids.includes(streamId);
}

/** Clients' timestamps may lack the fraction. */
function secondOf(time: number): number {
  return Math.floor(time / 1000);
}
