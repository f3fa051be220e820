import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import type { HashKey } from '../../../kinesis/hash-key.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import type { Quotas } from '../parts/quota.ts';
import { hashKey, shardId, target } from '../parts/shapes.ts';
import { requireOpenShard, requireReshardable, requireShardIndex } from '../parts/shard-target.ts';

export const splitShard = operation({
  name: 'SplitShard',
  summary: 'Closes a shard and opens two that share its hash keys.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('SplitShardInput', {
    ...target,
    ShardToSplit: required(shardId),
    NewStartingHashKey: required(hashKey),
  }),
  output: undefined,
  prepare: ({ catalog, clock, background, quotas }, request, caller) =>
    onStream(request, caller, async (address) => {
      const index = requireShardIndex(request.ShardToSplit, address);
      const at = BigInt(request.NewStartingHashKey);
      await catalog.commit((state) => {
        const stream = requireSplit(state, address, index, at, quotas);
        const change = { kind: 'split', since: clock.now(), shard: index, at } as const;
        return [{ kind: 'change-begun', key: streamKeyOf(stream), change }];
      });
      background.nudge();
    }),
});

/** Checks in AWS's order: stream, state, shard, quota, hash key. */
function requireSplit(
  state: CatalogState,
  address: StreamAddress,
  index: number,
  at: HashKey,
  quotas: Quotas,
): Stream {
  const stream = requireReshardable(state, address);
  const { first, last } = requireOpenShard(stream, index).range;
  quotas.requireShardRoom(state, stream, 1);
  if (at > first + 1n && at < last) return stream;
  throw invalidArgument(
    `NewStartingHashKey ${at} used in SplitShard() on shard ${formatShardId(index)} in stream ${stream.name} ` +
      `under account ${stream.account} is not both greater than one plus the shard's StartingHashKey ${first} ` +
      `and less than the shard's EndingHashKey ${last}.`,
  );
}
