import { limits } from '../../../kinesis/limits.ts';
import { isExpired, trimHorizon } from '../../../kinesis/stream.ts';
import { boolean, list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { pageLimit, shard, shardId, target } from '../parts/shapes.ts';
import { startAfter } from '../parts/shard-target.ts';
import { viewShard } from '../parts/shard-view.ts';
import { streamIdentity, streamSettings, viewStream } from '../parts/stream-view.ts';
import { requireStreamAt } from '../parts/target.ts';

const streamDescription = structure('StreamDescription', {
  ...streamIdentity,
  Shards: required(list(shard)),
  HasMoreShards: required(boolean()),
  ...streamSettings,
});

export const describeStream = operation({
  name: 'DescribeStream',
  summary: 'Describes a stream and up to 100 of its shards at a time.',
  runs: 'owner',
  rate: { perSecond: 10, per: 'account' },
  input: structure('DescribeStreamInput', {
    ...target,
    Limit: pageLimit,
    ExclusiveStartShardId: shardId,
  }),
  output: structure('DescribeStreamOutput', { StreamDescription: required(streamDescription) }),
  prepare: (world, request, caller) =>
    onStream(request, caller, async (address) => {
      const after = startAfter(request.ExclusiveStartShardId, address);
      const stream = requireStreamAt(world.catalog.state, address);
      const horizon = trimHorizon(stream, world.clock.now());
      const rest = stream.shards.filter(
        (candidate) => candidate.index > after && !isExpired(candidate, horizon),
      );
      const page = rest.slice(0, Math.min(request.Limit ?? Infinity, limits.describeStreamShardsMax));
      return {
        StreamDescription: {
          ...viewStream(stream),
          Shards: page.map(viewShard),
          HasMoreShards: page.length < rest.length,
        },
      };
    }),
});
