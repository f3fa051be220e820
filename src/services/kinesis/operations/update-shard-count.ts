import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { openShards, type Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { limitExceeded } from '../errors.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { requireShardRoom } from '../parts/quota.ts';
import { countSuccess } from '../parts/settings-change.ts';
import { shardCount, streamArn, streamName, target } from '../parts/shapes.ts';
import { requireProvisioned } from '../parts/shard-target.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

export const updateShardCount = operation({
  name: 'UpdateShardCount',
  summary: 'Changes the number of open shards; they share the hash keys evenly afterwards.',
  runs: 'owner',
  rate: { perSecond: 10, per: 'account' },
  input: structure('UpdateShardCountInput', {
    ...target,
    TargetShardCount: required(shardCount),
    ScalingType: required(string({ values: ['UNIFORM_SCALING'] })),
  }),
  output: structure('UpdateShardCountOutput', {
    StreamName: streamName,
    CurrentShardCount: shardCount,
    TargetShardCount: shardCount,
    StreamARN: streamArn,
  }),
  prepare: ({ catalog, clock, background, limited }, request, caller) =>
    onStream(request, caller, async (address) => {
      const count = request.TargetShardCount;
      let current = 0;
      await catalog.commit((state) => {
        const stream = requireScalable(state, address);
        current = openShards(stream).length;
        if (limited) requireStep(state, stream, current, count);
        if (count === current) return [];
        const change = { kind: 'scale', since: clock.now(), target: count } as const;
        const key = streamKeyOf(stream);
        const recent = countSuccess(stream, 'UpdateShardCount', clock.now(), limited);
        return [
          { kind: 'settings-changed', key, settings: { recent } },
          { kind: 'change-begun', key, change },
        ];
      });
      background.nudge();
      return {
        StreamName: address.name,
        CurrentShardCount: current,
        TargetShardCount: count,
        StreamARN: formatStreamArn(address),
      };
    }),
});

function requireScalable(state: CatalogState, address: StreamAddress): Stream {
  const stream = requireStreamAt(state, address);
  requireProvisioned(stream);
  requireActive(stream);
  return stream;
}

/** At most double, at least half, within the quotas. */
function requireStep(state: CatalogState, stream: Stream, current: number, count: number): void {
  const counts = `Current open shard count: ${current} Target shard count: ${count}`;
  if (count > 2 * current) {
    throw exceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (2 * count < current) {
    throw exceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  if (count > limits.updateShardCountMax && count > current) {
    throw exceeded(`UpdateShardCount cannot scale over ${limits.updateShardCountMax} shards. ${counts}`);
  }
  if (count > current) requireShardRoom(state, stream, count - current);
}

function exceeded(message: string): ServiceError {
  return limitExceeded(message);
}
