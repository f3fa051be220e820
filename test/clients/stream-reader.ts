import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type _Record as Record,
  type Shard,
} from '@aws-sdk/client-kinesis';

/** Every record of a shard, up to its tip. */
export async function recordsIn(client: KinesisClient, StreamName: string, shard: Shard): Promise<Record[]> {
  const from = { StreamName, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  const found: Record[] = [];
  while (ShardIterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    found.push(...page.Records!);
    if (page.Records!.length === 0 && page.MillisBehindLatest === 0) break;
    ShardIterator = page.NextShardIterator;
  }
  return found;
}

export async function shardsOf(client: KinesisClient, StreamName: string): Promise<Shard[]> {
  return (await client.send(new ListShardsCommand({ StreamName }))).Shards!;
}
