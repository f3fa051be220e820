import { type CatalogState, streamsOf } from '../catalog/state.ts';
import { KinesisError } from '../kinesis/error.ts';
import { limits } from '../kinesis/limits.ts';
import { openShards, type Stream } from '../kinesis/stream.ts';

/** The open shards that count towards the quota: those of provisioned streams, promised ones included. */
export function countedShards(state: CatalogState, scope: { account: string; region: string }): number {
  return streamsOf(state, scope)
    .filter(({ mode }) => mode === 'PROVISIONED')
    .reduce((sum, stream) => sum + shardsOf(stream), 0);
}

function shardsOf(stream: Stream): number {
  return stream.change?.kind === 'create' ? stream.change.shardCount : openShards(stream).length;
}

/** LimitExceededException when `more` shards would be too many for the stream's account in its region. */
export function requireShardRoom(state: CatalogState, stream: Stream, more: number): void {
  const count = countedShards(state, stream);
  if (count + more <= limits.openShardsMax) return;
  throw new KinesisError(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${stream.account} in ${stream.region}. ` +
      `Current shard count for the account: ${count}. Limit: ${limits.openShardsMax}. ` +
      `Number of additional shards that would have resulted from this request: ${more}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}
