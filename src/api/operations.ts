import { addTagsToStream } from './add-tags-to-stream.ts';
import { createStream } from './create-stream.ts';
import { decreaseStreamRetentionPeriod } from './decrease-stream-retention-period.ts';
import { deleteStream } from './delete-stream.ts';
import { describeLimits } from './describe-limits.ts';
import { describeStream } from './describe-stream.ts';
import { describeStreamSummary } from './describe-stream-summary.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { increaseStreamRetentionPeriod } from './increase-stream-retention-period.ts';
import { listShards } from './list-shards.ts';
import { listStreams } from './list-streams.ts';
import { listTagsForStream } from './list-tags-for-stream.ts';
import { mergeShards } from './merge-shards.ts';
import type { Operation } from './operation.ts';
import { putRecord } from './put-record.ts';
import { putRecords } from './put-records.ts';
import { removeTagsFromStream } from './remove-tags-from-stream.ts';
import { splitShard } from './split-shard.ts';
import { updateShardCount } from './update-shard-count.ts';

/** Every operation that is served, in the order of the API page. */
const all = [
  createStream,
  deleteStream,
  describeStream,
  describeStreamSummary,
  describeLimits,
  listStreams,
  listShards,
  putRecord,
  putRecords,
  getShardIterator,
  getRecords,
  splitShard,
  mergeShards,
  updateShardCount,
  increaseStreamRetentionPeriod,
  decreaseStreamRetentionPeriod,
  addTagsToStream,
  removeTagsFromStream,
  listTagsForStream,
];

// Past this table an operation is called only with what its own input shape decoded, so the types may go.
export const operations: ReadonlyMap<string, Operation> = new Map(
  all.map((operation) => [operation.name, operation as unknown as Operation]),
);
