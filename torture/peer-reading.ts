import type { Model, Page, Reader, StreamModel } from '../harness/model.ts';
import type { Client } from './client.ts';

type ListAnswer = { readonly Shards: readonly { readonly ShardId: string }[] };
type PageAnswer = {
  readonly NextShardIterator?: string;
  readonly Records: readonly {
    readonly SequenceNumber: string;
    readonly PartitionKey: string;
    readonly Data: string;
  }[];
};

/** Reads every stream from its start, without relying on more than that records come in pages. */
export async function readPeer(client: Client, model: Model): Promise<void> {
  for (const stream of model.streams) {
    const answer = await client.call<ListAnswer>('ListShards', { StreamName: stream.name });
    if (answer.kind !== 'output') continue;
    const readers: Reader[] = [];
    for (const { ShardId } of answer.output.Shards) readers.push(await readShard(client, stream, ShardId));
    stream.last = { listing: { sent: model.moment(), answered: model.moment(), shards: [] }, readers };
  }
}

/** kinesalite says of every page that it is the last one: several empty pages are. */
async function readShard(client: Client, stream: StreamModel, shard: string): Promise<Reader> {
  const pages: Page[] = [];
  const start = { StreamName: stream.name, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
  const place = await client.call<{ readonly ShardIterator: string }>('GetShardIterator', start);
  let iterator = place.kind === 'output' ? place.output.ShardIterator : undefined;
  for (let empty = 0; iterator !== undefined && empty < emptyMax; ) {
    const answer = await client.call<PageAnswer>('GetRecords', { ShardIterator: iterator, Limit: 1000 });
    if (answer.kind !== 'output') break;
    empty = answer.output.Records.length === 0 ? empty + 1 : 0;
    pages.push(pageOf(answer.output));
    iterator = answer.output.NextShardIterator;
  }
  return { stream, shard, after: 0n, pages };
}

const emptyMax = 3;

function pageOf({ Records }: PageAnswer): Page {
  const records = Records.map(({ SequenceNumber, PartitionKey, Data }) => {
    const data = Buffer.from(Data, 'base64').toString('latin1');
    return { number: BigInt(SequenceNumber), arrival: 0, partitionKey: PartitionKey, data };
  });
  return { sent: 0, answered: 0, records, isAtTip: false, isEnd: false };
}
