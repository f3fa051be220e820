import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { shardId, target } from '../parts/shapes.ts';
import { requireOpenShard, requireReshardable, requireShardIndex } from '../parts/shard-target.ts';

export const mergeShards = operation({
  name: 'MergeShards',
  summary:
    'Closes two shards with adjacent hash keys, the lower one named first, and opens one in their place.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('MergeShardsInput', {
    ...target,
    ShardToMerge: required(shardId),
    AdjacentShardToMerge: required(shardId),
  }),
  output: undefined,
  prepare: ({ catalog, clock, background }, request, caller) =>
    onStream(request, caller, async (address) => {
      const shards = [
        requireShardIndex(request.ShardToMerge, address),
        requireShardIndex(request.AdjacentShardToMerge, address),
      ] as const;
      await catalog.commit((state) => {
        const stream = requireMerge(state, address, shards);
        const change = { kind: 'merge', since: clock.now(), shards } as const;
        return [{ kind: 'change-begun', key: streamKeyOf(stream), change }];
      });
      background.nudge();
    }),
});

function requireMerge(
  state: CatalogState,
  address: StreamAddress,
  shards: readonly [number, number],
): Stream {
  const stream = requireReshardable(state, address);
  const lower = requireOpenShard(stream, shards[0]);
  const upper = requireOpenShard(stream, shards[1]);
  if (lower.range.last + 1n === upper.range.first) return stream;
  throw invalidArgument(
    `Shards ${formatShardId(lower.index)} and ${formatShardId(upper.index)} in stream ${stream.name} under ` +
      `account ${stream.account} are not an adjacent pair of shards eligible for merging`,
  );
}
