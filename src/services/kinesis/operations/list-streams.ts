import { streamsOf } from '../../../catalog/state.ts';
import { limits } from '../../../kinesis/limits.ts';
import { boolean, list, required, structure, timestamp } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { openPageToken, sealPageToken } from '../parts/page-token.ts';
import { onAccount } from '../parts/prepare.ts';
import { nextToken, pageLimit, streamName } from '../parts/shapes.ts';
import { streamIdentity, viewStream } from '../parts/stream-view.ts';

const streamSummary = structure('StreamSummary', {
  ...streamIdentity,
  StreamCreationTimestamp: timestamp(),
});

export const listStreams = operation({
  name: 'ListStreams',
  summary: 'Lists the streams of the account in the region by name, up to 100 at a time.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('ListStreamsInput', {
    Limit: pageLimit,
    ExclusiveStartStreamName: streamName,
    NextToken: nextToken,
  }),
  output: structure('ListStreamsOutput', {
    StreamNames: required(list(streamName)),
    HasMoreStreams: required(boolean()),
    NextToken: nextToken,
    StreamSummaries: list(streamSummary),
  }),
  prepare: (world, { Limit, ExclusiveStartStreamName, NextToken }, caller) =>
    onAccount(async () => {
      if (NextToken !== undefined && ExclusiveStartStreamName !== undefined) {
        throw invalidArgument('NextToken and ExclusiveStartStreamName cannot be provided together.');
      }
      const [tokenName] =
        NextToken === undefined ? [] : openPageToken(world, 'ListStreams', caller, NextToken);
      const after = tokenName === undefined ? (ExclusiveStartStreamName ?? '') : String(tokenName);
      const rest = streamsOf(world.catalog.state, caller).filter(({ name }) => name > after);
      const page = rest.slice(0, Math.min(Limit ?? Infinity, limits.listStreamsMax));
      const last = page.length < rest.length ? page.at(-1) : undefined;
      return {
        StreamNames: page.map(({ name }) => name),
        HasMoreStreams: last !== undefined,
        NextToken: last === undefined ? undefined : sealPageToken(world, 'ListStreams', caller, [last.name]),
        StreamSummaries: page.map(viewStream),
      };
    }),
});
