import { channelsIn, streamsOf } from '../../../catalog/state.ts';
import { limits } from '../../../kinesis/limits.ts';
import { integer, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onAccount } from '../parts/prepare.ts';
import { countedShards } from '../parts/quota.ts';

const count = integer({ min: 0, max: 1_000_000 });

export const describeLimits = operation({
  name: 'DescribeLimits',
  summary: 'Tells the quotas of shards and streams, and how much of them is used.',
  runs: 'owner',
  rate: { perSecond: 1, per: 'account' },
  input: structure('DescribeLimitsInput', {}),
  output: structure('DescribeLimitsOutput', {
    ShardLimit: required(count),
    OpenShardCount: required(count),
    OnDemandStreamCount: required(count),
    OnDemandStreamCountLimit: required(count),
    ChannelCount: count,
    ChannelCountLimit: count,
  }),
  prepare: ({ catalog }, _, caller) =>
    onAccount(async () => ({
      ShardLimit: limits.openShardsMax,
      OpenShardCount: countedShards(catalog.state, caller),
      OnDemandStreamCount: streamsOf(catalog.state, caller).filter(({ mode }) => mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: limits.onDemandStreamsMax,
      ChannelCount: channelsIn(catalog.state, caller).length,
      ChannelCountLimit: limits.channelsMax,
    })),
});
