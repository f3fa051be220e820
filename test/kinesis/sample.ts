import { evenRanges } from '../../src/kinesis/hash-key.ts';
import { newStreamSettings, type Shard, type Stream } from '../../src/kinesis/stream.ts';

/** A whole second. */
export const sampleTime = 1_700_000_000_000;

/** An ACTIVE stream with so many even shards. */
export function sampleStream(shardCount: number, changes: Partial<Stream> = {}): Stream {
  return {
    ...newStreamSettings,
    account: '000000000000',
    region: 'us-east-1',
    name: 'orders',
    id: '1',
    status: 'ACTIVE',
    createdAt: sampleTime,
    shards: sampleShards(shardCount),
    nextShard: shardCount,
    consumers: [],
    ...changes,
  };
}

function sampleShards(count: number): Shard[] {
  return count === 0
    ? []
    : evenRanges(count).map((range, index) => ({ index, parents: [], range, createdAt: sampleTime }));
}
