import type { Operation } from '../../rpc/operation.ts';
import { addTagsToStream } from './operations/add-tags-to-stream.ts';
import { createChannel } from './operations/create-channel.ts';
import { createStream } from './operations/create-stream.ts';
import { decreaseStreamRetentionPeriod } from './operations/decrease-stream-retention-period.ts';
import { deleteChannel } from './operations/delete-channel.ts';
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.ts';
import { describeAccountSettings } from './operations/describe-account-settings.ts';
import { describeChannel } from './operations/describe-channel.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeStream } from './operations/describe-stream.ts';
import { describeStreamConsumer } from './operations/describe-stream-consumer.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { disableEnhancedMonitoring } from './operations/disable-enhanced-monitoring.ts';
import { enableEnhancedMonitoring } from './operations/enable-enhanced-monitoring.ts';
import { getRecords } from './operations/get-records.ts';
import { getResourcePolicy } from './operations/get-resource-policy.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { increaseStreamRetentionPeriod } from './operations/increase-stream-retention-period.ts';
import { listChannels } from './operations/list-channels.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreamConsumers } from './operations/list-stream-consumers.ts';
import { listStreams } from './operations/list-streams.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTagsForStream } from './operations/list-tags-for-stream.ts';
import { mergeShards } from './operations/merge-shards.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
import { putResourcePolicy } from './operations/put-resource-policy.ts';
import { registerStreamConsumer } from './operations/register-stream-consumer.ts';
import { removeTagsFromStream } from './operations/remove-tags-from-stream.ts';
import { splitShard } from './operations/split-shard.ts';
import { startStreamEncryption } from './operations/start-stream-encryption.ts';
import { stopStreamEncryption } from './operations/stop-stream-encryption.ts';
import { subscribeToShard } from './operations/subscribe-to-shard.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateAccountSettings } from './operations/update-account-settings.ts';
import { updateChannel } from './operations/update-channel.ts';
import { updateMaxRecordSize } from './operations/update-max-record-size.ts';
import { updateShardCount } from './operations/update-shard-count.ts';
import { updateStreamMode } from './operations/update-stream-mode.ts';
import { updateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.ts';
import { updateStreamWarmThroughput } from './operations/update-stream-warm-throughput.ts';
import type { KinesisWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [
  createStream,
  deleteStream,
  describeStream,
  describeStreamSummary,
  listStreams,
  listShards,
  putRecord,
  putRecords,
  getShardIterator,
  getRecords,
  registerStreamConsumer,
  deregisterStreamConsumer,
  describeStreamConsumer,
  listStreamConsumers,
  subscribeToShard,
  splitShard,
  mergeShards,
  updateShardCount,
  updateStreamMode,
  updateStreamWarmThroughput,
  updateStreamRecordDistributionStrategy,
  updateMaxRecordSize,
  increaseStreamRetentionPeriod,
  decreaseStreamRetentionPeriod,
  enableEnhancedMonitoring,
  disableEnhancedMonitoring,
  startStreamEncryption,
  stopStreamEncryption,
  addTagsToStream,
  removeTagsFromStream,
  listTagsForStream,
  tagResource,
  untagResource,
  listTagsForResource,
  putResourcePolicy,
  getResourcePolicy,
  deleteResourcePolicy,
  createChannel,
  describeChannel,
  listChannels,
  updateChannel,
  deleteChannel,
  describeLimits,
  describeAccountSettings,
  updateAccountSettings,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<KinesisWorld>> = new Map(
  all.map((operation: Operation<KinesisWorld>) => [operation.name, operation]),
);
