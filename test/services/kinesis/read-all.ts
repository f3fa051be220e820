import assert from 'node:assert/strict';
import type { Harness } from './harness.ts';

export type ReadRecord = { readonly text: string; readonly shard: string; readonly sequenceNumber: string };

type Shard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
};
type Page = {
  readonly Records: readonly { readonly Data: string; readonly SequenceNumber: string }[];
  readonly NextShardIterator?: string;
  readonly ChildShards?: readonly { readonly ShardId: string; readonly ParentShards: readonly string[] }[];
};

/**
 * All records of a stream as a consumer reads them: a shard once all of its parents are read to their end.
 */
export async function readAll(
  server: Harness,
  stream: string,
): Promise<{ records: ReadRecord[]; shards: number }> {
  const { Shards } = await server.call<{ Shards: Shard[] }>('ListShards', { StreamName: stream });
  const records: ReadRecord[] = [];
  const finished = new Set<string>();
  const children = new Set<string>();
  // A parent has the lower id, so this is an order in which parents come before their children.
  for (const { ShardId, ParentShardId, AdjacentParentShardId } of Shards) {
    for (const parent of [ParentShardId, AdjacentParentShardId]) {
      assert.ok(parent === undefined || finished.has(parent), `${ShardId} comes before its parent ${parent}`);
    }
    const end = await readShard(server, stream, ShardId, records);
    if (end === undefined) continue;
    finished.add(ShardId);
    for (const child of end) {
      assert.ok(child.ParentShards.includes(ShardId));
      children.add(child.ShardId);
    }
  }
  const born = Shards.filter(({ ParentShardId }) => ParentShardId !== undefined);
  assert.deepEqual([...children].sort(), born.map(({ ShardId }) => ShardId).sort());
  return { records, shards: Shards.length };
}

/** Appends the shard's records; answers its children when it has ended, undefined when it is open. */
async function readShard(
  server: Harness,
  stream: string,
  shard: string,
  records: ReadRecord[],
): Promise<Page['ChildShards']> {
  const { ShardIterator } = await server.call<{ ShardIterator: string }>('GetShardIterator', {
    StreamName: stream,
    ShardId: shard,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  let last = 0n;
  for (let iterator: string | undefined = ShardIterator; iterator !== undefined; ) {
    const page: Page = await server.call('GetRecords', { ShardIterator: iterator, Limit: 7 });
    for (const { Data, SequenceNumber } of page.Records) {
      assert.ok(BigInt(SequenceNumber) > last, 'numbers rise');
      last = BigInt(SequenceNumber);
      records.push({ text: String(Buffer.from(Data, 'base64')), shard, sequenceNumber: SequenceNumber });
    }
    assert.equal(page.NextShardIterator === undefined, page.ChildShards !== undefined);
    assert.ok(page.ChildShards === undefined || page.Records.length === 0, 'the end comes alone');
    if (page.ChildShards !== undefined) return page.ChildShards;
    if (page.Records.length === 0) return undefined;
    iterator = page.NextShardIterator;
  }
  return undefined;
}
