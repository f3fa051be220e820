import { type CatalogState, findStream } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { newStreamSettings, type Stream, type StreamMode } from '../../../kinesis/stream.ts';
import { required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument, resourceInUse } from '../errors.ts';
import { operation } from '../operation.ts';
import { tagContext } from '../parts/facts.ts';
import { onStream } from '../parts/prepare.ts';
import {
  distributionStrategy,
  recordSizeKiB,
  shardCount,
  streamModeDetails,
  streamName,
  tagMap,
  warmMiBps,
} from '../parts/shapes.ts';
import { requireKey } from '../parts/stream-encryption.ts';
import { checkStreamTagText, mergeTags } from '../parts/tag.ts';
import { requireDistributable } from '../parts/target.ts';
import { requireWarmth } from '../parts/warm-throughput.ts';

const input = structure('CreateStreamInput', {
  StreamName: required(streamName),
  ShardCount: shardCount,
  StreamModeDetails: streamModeDetails,
  Tags: tagMap,
  WarmThroughputMiBps: warmMiBps,
  MaxRecordSizeInKiB: recordSizeKiB,
  RecordDistributionStrategy: distributionStrategy,
});

export const createStream = operation({
  name: 'CreateStream',
  summary: 'Creates a stream; it is CREATING at first and ACTIVE soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input,
  output: undefined,
  prepare({ catalog, clock, background, quotas, encryptionKey, keyService }, request, caller) {
    const prepared = onStream({ StreamName: request.StreamName }, caller, async (address) => {
      checkStreamTagText(Object.entries(request.Tags ?? {}).flat(), address, 'add tags to');
      if (encryptionKey !== null) await requireKey(keyService, encryptionKey, address);
      await catalog.commit((state) => {
        const stream = { ...newStream(state, request, address, clock.now()), encryptionKey };
        requireFreeName(state, stream);
        quotas.requireStreamRoom(state, stream);
        return [{ kind: 'stream-created', stream }];
      });
      background.nudge();
    });
    const context = tagContext(request.Tags);
    // With tags it takes the permission to tag, too (API reference, CreateStream).
    const tagging = { action: 'kinesis:AddTagsToStream', resource: prepared.resource };
    const own = { action: 'kinesis:CreateStream', resource: prepared.resource };
    return { ...prepared, context, permissions: context && [own, tagging] };
  },
});

function newStream(
  state: CatalogState,
  request: TypeOf<typeof input>,
  address: StreamAddress,
  now: Millis,
): Stream {
  const { mode, shardCount } = modeOf(request);
  const { WarmThroughputMiBps: warm, RecordDistributionStrategy: distribution } = request;
  if (warm !== undefined) requireWarmth(state, address, mode, warm, now);
  if (distribution !== undefined) requireDistributable(mode);
  return {
    ...address,
    id: String(state.nextStream),
    status: 'CREATING',
    createdAt: now,
    ...newStreamSettings,
    mode,
    recordSizeMaxKiB: request.MaxRecordSizeInKiB ?? limits.recordSizeDefaultKiB,
    tags: mergeTags([], request.Tags ?? {}, address),
    warmMiBps: warm ?? null,
    distribution: distribution ?? newStreamSettings.distribution,
    shards: [],
    nextShard: 0,
    consumers: [],
    change: { kind: 'create', since: now, shardCount },
  };
}

function modeOf(request: TypeOf<typeof input>): { mode: StreamMode; shardCount: number } {
  const { StreamModeDetails, ShardCount } = request;
  const mode = StreamModeDetails?.StreamMode ?? (ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED');
  if (mode === 'PROVISIONED') {
    if (ShardCount !== undefined) return { mode, shardCount: ShardCount };
    throw invalidArgument('ShardCount is required when StreamMode=PROVISIONED');
  }
  if (ShardCount !== undefined) throw invalidArgument('ShardCount is not expected when StreamMode=ON_DEMAND');
  // A shard takes 1 MiB/s.
  return { mode, shardCount: Math.max(limits.onDemandShardCount, request.WarmThroughputMiBps ?? 0) };
}

function requireFreeName(state: CatalogState, stream: Stream): void {
  if (findStream(state, stream) === undefined) return;
  throw resourceInUse(`Stream ${stream.name} under account ${stream.account} already exists.`);
}
