import { AwsError } from '../../server/lambda/aws-calls.ts';
import type { GetStreamSightAnswer } from '../../services/millrace/sights.ts';
import type { AwsCalls } from '../aws-place.ts';
import { askMillrace } from '../millrace-calls.ts';
import { type OpenShard, openShardsOf, shardIdOf } from './described-stream.ts';
import type { StreamAction } from './stream-request.ts';

/**
 * Which shard is split, and where, as SplitShard takes it. Rejects with `AwsError` where there is no such
 * one.
 */
export async function splitOf(
  calls: AwsCalls,
  name: string,
  { shard, at }: Extract<StreamAction, { kind: 'split' }>,
): Promise<{ readonly ShardToSplit: string; readonly NewStartingHashKey: string }> {
  const open = await openShardsOf(calls, name);
  const sight = await askMillrace<GetStreamSightAnswer>(calls, 'GetStreamSight', { StreamName: name });
  const chosen =
    shard === undefined ? hottest(open, sight) : open.find((one) => one.ShardId === shardIdOf(shard));
  if (chosen === undefined) {
    throw new AwsError('ResourceNotFoundException', `${name} has no open shard ${shard ?? ''}`.trimEnd());
  }
  const { ShardId: id } = chosen;
  const byLoad = sight?.Shards.find((one) => one.ShardId === id)?.SplitAt;
  const where = at === 'half' || at === 'load' ? undefined : at;
  return {
    ShardToSplit: id,
    NewStartingHashKey: where ?? (at === 'load' ? byLoad : undefined) ?? halfOf(chosen),
  };
}

/** The shard that most was put to; where nobody counts, the widest. */
function hottest(open: readonly OpenShard[], sight: GetStreamSightAnswer | undefined): OpenShard | undefined {
  const bytes = new Map(
    sight?.Shards.map(({ ShardId: id, Counts: counts }) => [id, BigInt(Math.round(counts.BytesIn))]),
  );
  const heat = (shard: OpenShard) => bytes.get(shard.ShardId) ?? 0n;
  return [...open].sort((one, other) => {
    const difference = heat(other) - heat(one) || widthOf(other) - widthOf(one);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  })[0];
}

function widthOf({ HashKeyRange: { StartingHashKey: start, EndingHashKey: end } }: OpenShard): bigint {
  return BigInt(end) - BigInt(start);
}

function halfOf(shard: OpenShard): string {
  return String(BigInt(shard.HashKeyRange.StartingHashKey) + widthOf(shard) / 2n + 1n);
}
