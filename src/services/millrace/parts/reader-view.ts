import type { Stream } from '../../../kinesis/stream.ts';
import type { ReaderSight } from '../sights.ts';
import { type SeenReader, type SeenShard, timeToLoss } from './seen-reader.ts';

/** A reader's sight but for its shards; `stream` is undefined where it is not known what it reads. */
export function viewReader(reader: SeenReader, stream: Stream | undefined): Omit<ReaderSight, 'Shards'> {
  const { kind, name, id, state, reason, lagMs, records, bytes, failures, to } = reader;
  return {
    Kind: kind,
    Name: name,
    ...(id !== undefined && { Id: id }),
    StreamName: stream?.name ?? '',
    State: state,
    ...(reason !== undefined && { Reason: reason }),
    ...(lagMs !== undefined && { LagMillis: lagMs }),
    ...(lagMs !== undefined &&
      stream !== undefined && { TimeToLossMillis: timeToLoss(stream.retentionHours, lagMs) }),
    ...(records !== undefined && { Records: records }),
    ...(bytes !== undefined && { Bytes: bytes }),
    ...(failures !== undefined && { Failures: failures }),
    ...(to !== undefined && { To: to }),
  };
}

/** Where a reader stands in a shard. */
export function viewReaderShard({
  shardId,
  lagMs,
  owner,
  checkpoint,
  recordsBehind,
}: SeenShard): ReaderSight['Shards'][0] {
  return {
    ShardId: shardId,
    ...(lagMs !== undefined && { LagMillis: lagMs }),
    ...(owner !== undefined && { Owner: owner }),
    ...(checkpoint !== undefined && { Checkpoint: checkpoint }),
    ...(recordsBehind !== undefined && { RecordsBehind: recordsBehind }),
  };
}
