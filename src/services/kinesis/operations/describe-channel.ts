import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { channelArn, channelDescription } from '../parts/channel-shapes.ts';
import { onChannel, requireChannel } from '../parts/channel-target.ts';
import { viewChannel } from '../parts/channel-view.ts';

export const describeChannel = operation({
  name: 'DescribeChannel',
  summary: 'Describes a channel.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DescribeChannelInput', { ChannelARN: required(channelArn) }),
  output: structure('DescribeChannelOutput', { ChannelDescription: required(channelDescription) }),
  prepare: ({ catalog }, { ChannelARN: arn }, caller) =>
    onChannel(arn, caller, async () => {
      const { state } = catalog;
      return { ChannelDescription: viewChannel(state, requireChannel(state, arn, caller)) };
    }),
});
