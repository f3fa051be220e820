import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { channelArn } from '../parts/channel-shapes.ts';
import { onChannel, requireChannel } from '../parts/channel-target.ts';

export const deleteChannel = operation({
  name: 'DeleteChannel',
  summary: 'Deletes a channel, and leaves what it delivered; it is DELETING at first and gone soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteChannelInput', { ChannelARN: required(channelArn) }),
  output: undefined,
  prepare: ({ catalog, clock, background }, { ChannelARN: arn }, caller) =>
    onChannel(arn, caller, async () => {
      await catalog.commit((state) => {
        const { reason: _, ...channel } = requireChannel(state, arn, caller);
        if (channel.status === 'DELETING') return [];
        return [{ kind: 'channel-changed', channel: { ...channel, status: 'DELETING', since: clock.now() } }];
      });
      background.nudge();
    }),
});
