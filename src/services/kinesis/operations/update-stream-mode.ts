import { channelsOf } from '../../../catalog/state.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { required, structure } from '../../../wire/shape.ts';
import { resourceInUse } from '../errors.ts';
import { operation } from '../operation.ts';
import { beginSettings, countSuccess } from '../parts/settings-change.ts';
import { streamArn, streamModeDetails, warmMiBps } from '../parts/shapes.ts';
import { changeStream } from '../parts/stream-change.ts';
import { requireActive } from '../parts/target.ts';
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
  prepare: (world, request, caller) =>
    changeStream(world, request, caller, (stream, state) => {
      const mode = request.StreamModeDetails.StreamMode;
      const warm = request.WarmThroughputMiBps;
      const now = world.clock.now();
      requireActive(stream);
      if (warm !== undefined) requireWarmth(state, stream, mode, warm, now);
      if (stream.mode === mode) return [];
      if (channelsOf(state, stream).length > 0) throw hasChannels(stream);
      const recent = countSuccess(stream, 'UpdateStreamMode', now, world.quotas);
      // What only an on-demand stream can have goes with the mode.
      const lost = { warmMiBps: null, distribution: 'USER_PARTITION_KEY' } as const;
      const kept = mode === 'ON_DEMAND' ? { warmMiBps: warm ?? null } : lost;
      return [beginSettings(stream, { mode, recent, ...kept }, now)];
    }),
});

/** Only on-demand streams have channels. AWS's text is not known; queues have to go first, too. */
function hasChannels({ name, account }: Stream): ServiceError {
  return resourceInUse(
    `Stream ${name} under account ${account} cannot be switched to provisioned mode because there are channels ` +
      'associated with it.',
  );
}
