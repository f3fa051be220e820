import { call } from '../../api/call.ts';

/** A shard as those who read records need to know it; hash keys in decimal. */
export type ReadShard = {
  readonly ShardId: string;
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly isClosed: boolean;
};

type ListShardsAnswer = {
  readonly Shards: readonly {
    readonly ShardId: string;
    readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
    readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
  }[];
  readonly NextToken?: string;
};

/** All shards that are kept of a stream, open and closed. */
export async function allShards(stream: string, signal: AbortSignal): Promise<ReadShard[]> {
  const shards: ReadShard[] = [];
  let token: string | undefined;
  do {
    const asked = token === undefined ? { StreamName: stream } : { NextToken: token };
    const answer = await call<ListShardsAnswer>('kinesis', 'ListShards', asked, { signal });
    for (const { ShardId, HashKeyRange, SequenceNumberRange } of answer.Shards) {
      shards.push({
        ShardId,
        startingHashKey: HashKeyRange.StartingHashKey,
        endingHashKey: HashKeyRange.EndingHashKey,
        isClosed: SequenceNumberRange.EndingSequenceNumber !== undefined,
      });
    }
    token = answer.NextToken;
  } while (token !== undefined && token !== null);
  return shards;
}
