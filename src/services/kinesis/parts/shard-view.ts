import { endingSequenceNumber, startingSequenceNumber } from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Shard } from '../../../kinesis/stream.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import type { childShard, shard as shardShape } from './shapes.ts';

/** A shard as DescribeStream and ListShards show it. */
export function viewShard(shard: Shard): OutputOf<typeof shardShape> {
  const [parent, adjacent] = shard.parents;
  return {
    ShardId: formatShardId(shard.index),
    ParentShardId: parent === undefined ? undefined : formatShardId(parent),
    AdjacentParentShardId: adjacent === undefined ? undefined : formatShardId(adjacent),
    HashKeyRange: viewRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(shard),
      EndingSequenceNumber:
        shard.closed === undefined ? undefined : endingSequenceNumber(shard, shard.closed.at),
    },
  };
}

/** A shard as shown to readers at the end of its parent. */
export function viewChild(shard: Shard): OutputOf<typeof childShard> {
  return {
    ShardId: formatShardId(shard.index),
    ParentShards: shard.parents.map(formatShardId),
    HashKeyRange: viewRange(shard),
  };
}

function viewRange({ range }: Shard): { StartingHashKey: string; EndingHashKey: string } {
  return { StartingHashKey: String(range.first), EndingHashKey: String(range.last) };
}
