import { streamKeyOf } from '../../../catalog/state.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import { openShards } from '../../../kinesis/stream.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { countSuccess } from '../parts/settings-change.ts';
import { shardCount, streamArn, streamName, target } from '../parts/shapes.ts';
import { requireReshardable } from '../parts/shard-target.ts';

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
  prepare: ({ catalog, clock, background, quotas }, request, caller) =>
    onStream(request, caller, async (address) => {
      const count = request.TargetShardCount;
      let current = 0;
      await catalog.commit((state) => {
        const stream = requireReshardable(state, address);
        current = openShards(stream).length;
        quotas.requireStep(state, stream, count);
        if (count === current) return [];
        const change = { kind: 'scale', since: clock.now(), target: count } as const;
        const key = streamKeyOf(stream);
        const recent = countSuccess(stream, 'UpdateShardCount', clock.now(), quotas);
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
