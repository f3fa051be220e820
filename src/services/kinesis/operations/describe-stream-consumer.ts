import { formatStreamArn } from '../../../kinesis/arn.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { consumerShape, consumerTarget, requireConsumer, viewConsumer } from '../parts/consumer-target.ts';
import { onConsumer } from '../parts/prepare.ts';
import { streamArn } from '../parts/shapes.ts';

export const describeStreamConsumer = operation({
  name: 'DescribeStreamConsumer',
  summary: 'Describes a registered consumer.',
  runs: 'owner',
  rate: { perSecond: 20, per: 'stream' },
  input: structure('DescribeStreamConsumerInput', consumerTarget),
  output: structure('DescribeStreamConsumerOutput', {
    ConsumerDescription: required(
      structure('ConsumerDescription', { ...consumerShape.members, StreamARN: required(streamArn) }),
    ),
  }),
  prepare: ({ catalog }, request, caller) =>
    onConsumer(catalog.state, request, caller, async (named) => {
      const registered = requireConsumer(catalog.state, named, caller);
      return {
        ConsumerDescription: { ...viewConsumer(registered), StreamARN: formatStreamArn(registered.stream) },
      };
    }),
});
