import { streamArn } from './consumers.ts';
import type { ShardView, StreamModel } from './model.ts';
import { complain, type Work } from './workload.ts';

/**
 * Shards may have changed since they were listed, and those of an on-demand stream are not for clients to
 * change.
 */
const refusals = ['InvalidArgumentException', 'ValidationException'];

/** The open shards as last listed, in the order of their hash keys. */
function openShards(stream: StreamModel): ShardView[] {
  const open = stream.listings.at(-1)?.shards.filter(({ ending }) => ending === undefined) ?? [];
  return open.sort((one, other) => (one.first < other.first ? -1 : 1));
}

export async function split(work: Work, stream: StreamModel): Promise<void> {
  const open = openShards(stream);
  if (open.length === 0 || open.length > 8) return;
  const { id, first, last } = work.random.pick(open);
  if (last - first < 4n) return;
  const middle = first + ((last - first) * BigInt(work.random.between(1, 99))) / 100n;
  const NewStartingHashKey = String(middle > first + 1n ? middle : first + 2n);
  const input = { StreamName: stream.name, ShardToSplit: id, NewStartingHashKey };
  complain(work, await work.client.call('SplitShard', input), refusals);
}

export async function merge(work: Work, stream: StreamModel): Promise<void> {
  const open = openShards(stream);
  if (open.length < 2) return;
  const left = work.random.below(open.length - 1);
  const [one, other] = [open[left]!.id, open[left + 1]!.id];
  const input = { StreamName: stream.name, ShardToMerge: one, AdjacentShardToMerge: other };
  complain(work, await work.client.call('MergeShards', input), refusals);
}

export async function updateShardCount(work: Work, stream: StreamModel): Promise<void> {
  const count = openShards(stream).length;
  if (count === 0) return;
  const TargetShardCount = work.random.between(Math.ceil(count / 2), Math.min(8, 2 * count));
  const input = { StreamName: stream.name, TargetShardCount, ScalingType: 'UNIFORM_SCALING' };
  complain(work, await work.client.call('UpdateShardCount', input), refusals);
}

/** On-demand streams are scaled by the server: few clients as these are need less than most streams have. */
export async function changeMode(work: Work, stream: StreamModel): Promise<void> {
  const StreamMode = work.random.pick(['ON_DEMAND', 'PROVISIONED', 'PROVISIONED']);
  const input = { StreamARN: streamArn(stream), StreamModeDetails: { StreamMode } };
  complain(work, await work.client.call('UpdateStreamMode', input));
}
