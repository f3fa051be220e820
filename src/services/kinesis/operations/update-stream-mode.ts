import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { beginSettings, countSuccess } from '../parts/settings-change.ts';
import { streamArn, streamModeDetails, warmMiBps } from '../parts/shapes.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';
import { requireWarmth } from '../parts/warm-throughput.ts';

export const updateStreamMode = operation({
  name: 'UpdateStreamMode',
  summary: 'Switches a stream between provisioned and on-demand; it keeps its shards.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateStreamModeInput', {
    StreamARN: required(streamArn),
    StreamModeDetails: required(streamModeDetails),
    WarmThroughputMiBps: warmMiBps,
  }),
  output: undefined,
  prepare: ({ catalog, clock, background, limited }, request, caller) =>
    onStream(request, caller, async (address) => {
      const mode = request.StreamModeDetails.StreamMode;
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        requireActive(stream);
        const warm = request.WarmThroughputMiBps;
        if (warm !== undefined) requireWarmth(state, stream, mode, warm, clock.now());
        if (stream.mode === mode) return [];
        const now = clock.now();
        const recent = countSuccess(stream, 'UpdateStreamMode', now, limited);
        // What only an on-demand stream can have goes with the mode.
        const lost = { warmMiBps: null, distribution: 'USER_PARTITION_KEY' } as const;
        const kept = mode === 'ON_DEMAND' ? { warmMiBps: warm ?? null } : lost;
        return [beginSettings(stream, { mode, recent, ...kept }, now)];
      });
      background.nudge();
    }),
});
