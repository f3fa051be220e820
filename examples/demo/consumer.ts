// The second process: reads every shard from its beginning, and writes a line of JSON per record to stdout:
// shard, sequence number, data in base64. When stdin ends there is nothing new to come, so it reads to the
// tip and ends as well. Usage: consumer.ts URL, with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
import { setTimeout as sleep } from 'node:timers/promises';
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { connect, streamName } from './client.ts';
import { patiently } from './patience.ts';

const pauseMs = 50;

const client = connect(process.argv[2]!, {
  accessKeyId: process.env['AWS_ACCESS_KEY_ID']!,
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY']!,
});

let complete = false;
process.stdin.resume().once('end', () => {
  complete = true;
});

const { Shards } = await patiently(() => client.send(new ListShardsCommand({ StreamName: streamName })));
await Promise.all(Shards!.map(({ ShardId }) => follow(ShardId!)));

async function follow(shard: string): Promise<void> {
  const start = { StreamName: streamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let iterator = (await patiently(() => client.send(new GetShardIteratorCommand(start)))).ShardIterator;
  while (iterator !== undefined) {
    const last = complete;
    const get = new GetRecordsCommand({ ShardIterator: iterator });
    // An iterator that brought no answer is as good as before, also for a server that was started again.
    const page = await patiently(() => client.send(get));
    for (const { SequenceNumber, Data } of page.Records!) {
      console.log(JSON.stringify([shard, SequenceNumber, Buffer.from(Data!).toString('base64')]));
    }
    if (last && page.MillisBehindLatest === 0) return;
    iterator = page.NextShardIterator;
    if (page.MillisBehindLatest === 0) await sleep(pauseMs);
  }
}
