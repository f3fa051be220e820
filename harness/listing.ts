import type { ShardView, StreamModel } from './model.ts';
import { complain, type Work } from './workload.ts';

type ShardAnswer = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    readonly EndingSequenceNumber?: string;
  };
};
type ListAnswer = { readonly Shards: readonly ShardAnswer[]; readonly NextToken?: string };
/** Notes all shards of the stream, now and then page by page. Answers whether they were told. */
export async function listShards(
  work: Work,
  stream: StreamModel,
  { inOnePage = false } = {},
): Promise<boolean> {
  const sent = work.model.moment();
  const shards: ShardView[] = [];
  const pageSize = !inOnePage && work.random.chance(0.3) ? { MaxResults: work.random.between(1, 5) } : {};
  let input: object = { StreamName: stream.name, ...pageSize };
  const isPaged = 'MaxResults' in pageSize;
  for (;;) {
    const answer = await work.client.call<ListAnswer>('ListShards', input);
    complain(work, answer);
    if (answer.kind !== 'output') return false;
    shards.push(...answer.output.Shards.map(viewOf));
    if (answer.output.NextToken === undefined) break;
    if (!isPaged) work.world.violate(`ListShards breaks ${stream.name} into pages that were not asked for`);
    input = { NextToken: answer.output.NextToken, ...pageSize };
  }
  // A reshard between two pages shows one moment of the one and another of the other.
  if (!isPaged || shards.length <= pageSize.MaxResults!) {
    stream.listings.push({ sent, answered: work.model.moment(), shards });
  }
  return true;
}

function viewOf(shard: ShardAnswer): ShardView {
  const ending = shard.SequenceNumberRange.EndingSequenceNumber;
  return {
    id: shard.ShardId,
    parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
    first: BigInt(shard.HashKeyRange.StartingHashKey),
    last: BigInt(shard.HashKeyRange.EndingHashKey),
    starting: BigInt(shard.SequenceNumberRange.StartingSequenceNumber),
    ending: ending === undefined ? undefined : BigInt(ending),
  };
}
