import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Shard } from '../../../kinesis/stream.ts';
import type { Counts, ShardHeat } from '../../../stream/meter/counts.ts';
import { list, required, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { viewCounts } from '../parts/counts-view.ts';
import { viewStream } from '../parts/stream-view.ts';
import { requireStream, resourceOf } from '../parts/target.ts';
import { mayRead } from '../parts/visible-streams.ts';
import { writtenInTurns } from '../parts/written-list.ts';
import { shardSight, streamSight, streamTarget } from '../shapes/stream-shapes.ts';
import type { ShardSight } from '../sights.ts';

export const getStreamSight = operation({
  name: 'GetStreamSight',
  summary:
    'Shows a stream with its shards: what was counted of each, where to split it, and its hot keys for who may read it.',
  runs: 'owner',
  audit: 'data',
  input: structure('GetStreamSightInput', streamTarget),
  output: structure('GetStreamSightOutput', {
    CountedSince: required(timestamp()),
    At: required(timestamp()),
    Stream: required(streamSight),
    Shards: required(list(shardSight)),
  }),
  prepare: (world, target, caller, codec, { peer }) => ({
    resource: resourceOf(target, caller),
    run: async () => {
      const { id } = requireStream(world, target, caller);
      const { authorizer, counted: counts, heatOf, readers } = await world.sights();
      const counted = await counts.current();
      const found = await readers.found(caller, 'glance');
      const heat = await heatOf(id);
      const stream = requireStream(world, target, caller);
      // Partition keys are what records say, not only how many there are.
      const isRead = await mayRead(authorizer, world, { caller, peer }, stream);
      const shards = counted.streams.get(id)?.shards;
      const Shards = await writtenInTurns(
        codec.itemWriter(),
        shardSight,
        stream.shards
          .values()
          .map((shard) => viewShard(shard, shards?.get(shard.index), heat.get(shard.index), isRead)),
        { itemsPerTurn: shardsPerTurn, turn: () => world.clock.turn() },
      );
      const Stream = viewStream(stream, counted, found);
      return { CountedSince: counted.since, At: counted.at, Stream, Shards };
    },
  }),
});

/** About a millisecond. */
const shardsPerTurn = 200;

function viewShard(
  shard: Shard,
  counts: Counts | undefined,
  heat: ShardHeat | undefined,
  isRead: boolean,
): ShardSight {
  const { range, parents, closed } = shard;
  const [parent, adjacent] = parents;
  const isOpen = closed === undefined;
  return {
    ShardId: formatShardId(shard.index),
    ...(parent !== undefined && { ParentShardId: formatShardId(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: formatShardId(adjacent) }),
    StartingHashKey: String(range.first),
    EndingHashKey: String(range.last),
    CreatedAt: shard.createdAt,
    ...(closed !== undefined && { ClosedAt: closed.at }),
    Counts: viewCounts(counts),
    HotKeys: (isRead ? (heat?.hotKeys ?? []) : []).map(({ key, hashKey, share, error }) => ({
      Key: key,
      HashKey: String(hashKey),
      Share: share,
      Error: error,
    })),
    ...(isOpen && heat?.splitAt !== undefined && { SplitAt: String(heat.splitAt) }),
  };
}
