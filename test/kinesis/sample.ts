import type { Channel } from '../../src/kinesis/channel.ts';
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

/** An ACTIVE channel of the sample stream, to a bucket. */
export function sampleChannel(changes: Partial<Channel> = {}): Channel {
  const [account, region] = ['000000000000', 'us-east-1'];
  return {
    ...{ account, region },
    id: '1f0c2a6e-5a4b-4c3d-8e2f-000000000001',
    name: 'to-bucket',
    status: 'ACTIVE',
    stream: { account, region, name: 'orders' },
    streamId: '1',
    createdAt: sampleTime,
    since: sampleTime,
    updates: 0,
    role: `arn:aws:iam::${account}:role/delivers`,
    records: { format: 'JSON' },
    destination: {
      kind: 'S3',
      bucketArn: 'arn:aws:s3:::flights',
      owner: account,
      compression: 'GZIP',
      storageClass: 'STANDARD',
      keyTemplate: '!{channel-name}/!{yyyy}!{extension}',
    },
    deadLetters: { bucketArn: 'arn:aws:s3:::flights', owner: account, prefix: 'errors/' },
    freshnessSeconds: 300,
    logging: { isOn: false, group: '/aws/kinesis/to-bucket', stream: 'DestinationDelivery' },
    tags: [],
    ...changes,
  };
}
