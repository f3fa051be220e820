import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';

/** What the records of a stream say, from its beginning to its tip, shard by shard. */
export async function textsIn(client: KinesisClient, StreamName: string): Promise<string[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  const found: string[] = [];
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
    while (ShardIterator !== undefined) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator }));
      const records = page.Records ?? [];
      found.push(...records.map(({ Data }) => Buffer.from(Data!).toString()));
      const isAtTip = page.MillisBehindLatest === 0 && records.length === 0;
      ShardIterator = isAtTip ? undefined : page.NextShardIterator;
    }
  }
  return found;
}
