import { latencyOf } from '../harness/statistics.ts';
import { Client } from './client.ts';
import { type GetLoad, type Outcome, recordBytes, streamName } from './load.ts';
import { Stopwatch } from './stopwatch.ts';

/**
 * Reads every shard, or those that are named, from its beginning to its tip, all at once, and counts what
 * came.
 */
export async function getRecords(port: number, serverPid: number, load: GetLoad): Promise<Outcome> {
  const shards = load.shardIds ?? (await listShards(port));
  const clients = await Promise.all(shards.map(() => Client.open(port)));
  const latencies: number[] = [];
  try {
    const stopwatch = new Stopwatch(serverPid);
    const counts = await Promise.all(shards.map((shard, index) => drain(clients[index]!, shard, latencies)));
    const measured = stopwatch.stop();
    const records = counts.reduce((sum, count) => sum + count, 0);
    if (records !== (load.recordsExpected ?? records)) {
      throw new Error(`GetRecords found ${records} records where ${load.recordsExpected} were acknowledged`);
    }
    return {
      ...measured,
      records,
      bytes: records * recordBytes,
      ...latencyOf(latencies),
      acknowledged: records,
      errors: 0,
    };
  } finally {
    for (const client of clients) client.close();
  }
}

async function listShards(port: number): Promise<string[]> {
  const client = await Client.open(port);
  const answer = (await client.call('ListShards', { StreamName: streamName })) as ListShardsAnswer;
  client.close();
  return answer.Shards.map((shard) => shard.ShardId);
}
type ListShardsAnswer = { Shards: { ShardId: string }[] };

/** The number of records until a page was empty and the server said that this is the tip. */
async function drain(client: Client, shardId: string, latencies: number[]): Promise<number> {
  const first = { StreamName: streamName, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' };
  const answer = (await client.call('GetShardIterator', first)) as { ShardIterator: string };
  let iterator: string | undefined = answer.ShardIterator;
  let records = 0;
  while (iterator !== undefined) {
    const sentMs = performance.now();
    const page = await client.callRaw('GetRecords', { ShardIterator: iterator });
    latencies.push(performance.now() - sentMs);
    const count = occurrences(page, '"PartitionKey"');
    records += count;
    if (count === 0 && page.includes('"MillisBehindLatest":0')) break;
    iterator = text(page, '"NextShardIterator":"');
  }
  return records;
}

/** Pages are searched, not parsed: 10 MB of JSON would cost the generator more than the server. */
function occurrences(page: Buffer, needle: string): number {
  const bytes = Buffer.from(needle);
  let count = 0;
  for (let at = page.indexOf(bytes); at !== -1; at = page.indexOf(bytes, at + bytes.length)) count++;
  return count;
}

function text(page: Buffer, before: string): string | undefined {
  const start = page.indexOf(before);
  if (start === -1) return undefined;
  const from = start + before.length;
  return page.toString('latin1', from, page.indexOf('"', from));
}
