import { formatStreamArn } from '../../../kinesis/arn.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { beginSettings } from '../parts/settings-change.ts';
import { streamArn, streamName, target, warmMiBps } from '../parts/shapes.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';
import { requireWarmth, viewWarmth, warmThroughput } from '../parts/warm-throughput.ts';

export const updateStreamWarmThroughput = operation({
  name: 'UpdateStreamWarmThroughput',
  summary:
    'Sets what an on-demand stream is kept ready for; it gets the shards for it before they are needed.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateStreamWarmThroughputInput', {
    ...target,
    WarmThroughputMiBps: required(warmMiBps),
  }),
  output: structure('UpdateStreamWarmThroughputOutput', {
    StreamARN: streamArn,
    StreamName: streamName,
    WarmThroughput: warmThroughput,
  }),
  prepare: ({ catalog, clock, background }, request, caller) =>
    onStream(request, caller, async (address) => {
      const wanted = request.WarmThroughputMiBps;
      const state = await catalog.commit((current) => {
        const stream = requireStreamAt(current, address);
        const now = clock.now();
        requireWarmth(current, stream, stream.mode, wanted, now);
        requireActive(stream);
        return [beginSettings(stream, { warmMiBps: wanted }, now)];
      });
      background.nudge();
      const { CurrentMiBps } = viewWarmth(requireStreamAt(state, address));
      return {
        StreamARN: formatStreamArn(address),
        StreamName: address.name,
        WarmThroughput: { TargetMiBps: wanted, CurrentMiBps },
      };
    }),
});
