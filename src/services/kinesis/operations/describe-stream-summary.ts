import { channelsOf } from '../../../catalog/state.ts';
import { routerOf } from '../../../stream/router.ts';
import { integer, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { isCommitted } from '../parts/commitment.ts';
import { onStream } from '../parts/prepare.ts';
import { distributionStrategy, target } from '../parts/shapes.ts';
import { streamIdentity, streamSettings, viewStream } from '../parts/stream-view.ts';
import { requireStreamAt } from '../parts/target.ts';
import { viewWarmth, warmThroughput } from '../parts/warm-throughput.ts';

const summary = structure('StreamDescriptionSummary', {
  ...streamIdentity,
  ...streamSettings,
  OpenShardCount: required(integer({ min: 0 })),
  ConsumerCount: integer({ min: 0 }),
  MaxRecordSizeInKiB: integer(),
  WarmThroughput: warmThroughput,
  ChannelCount: integer({ min: 0 }),
  RecordDistributionStrategy: distributionStrategy,
});

export const describeStreamSummary = operation({
  name: 'DescribeStreamSummary',
  summary: 'Describes a stream without its shards.',
  runs: 'owner',
  rate: { perSecond: 20, per: 'account' },
  input: structure('DescribeStreamSummaryInput', target),
  output: structure('DescribeStreamSummaryOutput', { StreamDescriptionSummary: required(summary) }),
  prepare: ({ catalog, clock }, request, caller) =>
    onStream(request, caller, async (address) => {
      const stream = requireStreamAt(catalog.state, address);
      const onDemand = stream.mode === 'ON_DEMAND';
      const committed = isCommitted(catalog.state, stream, clock.now());
      return {
        // Never StreamId, which AWS reserves: a client that sends it back would no longer call our endpoint.
        StreamDescriptionSummary: {
          ...viewStream(stream),
          OpenShardCount: routerOf(stream).shards.length,
          ConsumerCount: stream.consumers.length,
          MaxRecordSizeInKiB: stream.recordSizeMaxKiB,
          ChannelCount: channelsOf(catalog.state, stream).length,
          WarmThroughput: onDemand && committed ? viewWarmth(stream) : undefined,
          RecordDistributionStrategy: onDemand ? stream.distribution : undefined,
        },
      };
    }),
});
